using CacheBackup.Local.Files;

namespace CacheBackup.Local.Tests.Files;

public sealed class WriteBehindStreamTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((8 * 1024 * 1024) - 1)]
    [InlineData((8 * 1024 * 1024) + 1)]
    [InlineData(41 * 1024 * 1024)]
    public async Task Every_byte_is_in_the_file_in_its_order(int length)
    {
        byte[] content = new byte[length];
        new Random(7).NextBytes(content);
        string path = Path.Combine(_folder, "file");
        await using (FileStream file = PrivateFile.Create(path, 1024 * 1024))
        {
            var written = new WriteBehindStream(file);
            var random = new Random(11);
            for (int from = 0; from < length;)
            {
                int count = Math.Min(random.Next(1, 3 * 1024 * 1024), length - from);
                await written.WriteAsync(content.AsMemory(from, count));
                from += count;
            }

            Assert.Equal(length, written.Position);
            await written.FlushAsync();
        }

        byte[] read = await File.ReadAllBytesAsync(path);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
