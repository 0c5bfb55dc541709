using CacheBackup.Fixtures;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Tests.Files;

public sealed class PrivateFileTests
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_file_that_was_left_open_to_all_is_replaced_not_reused()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "left");
        await File.WriteAllTextAsync(path, "left by another");
        File.SetUnixFileMode(path, Mine | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        await using (FileStream file = PrivateFile.Create(path))
        {
            await file.WriteAsync("mine"u8.ToArray());
        }

        Assert.Equal(Mine, File.GetUnixFileMode(path));
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task What_a_link_leads_to_is_left_alone()
    {
        using TemporaryDirectory directory = new();
        string precious = Path.Combine(directory.Path, "precious");
        string link = Path.Combine(directory.Path, "link");
        await File.WriteAllTextAsync(precious, "precious");
        File.CreateSymbolicLink(link, precious);
        await using (FileStream file = PrivateFile.Create(link))
        {
            await file.WriteAsync("mine"u8.ToArray());
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(precious));
        Assert.Null(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void A_file_that_is_being_written_is_not_taken_from_its_writer()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "busy");
        using FileStream first = PrivateFile.Create(path);
        Assert.Throws<IOException>(() => PrivateFile.Create(path).Dispose());
        Assert.True(File.Exists(path));
    }
}
