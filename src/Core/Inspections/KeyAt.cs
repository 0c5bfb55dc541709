using System.Buffers;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>Reads the name of a key whose place is known, without reading the file up to there.</summary>
public static class KeyAt
{
    private const int ChunkBytes = 64 * 1024;

    /// <param name="file">Seekable; stays the caller's.</param>
    /// <param name="version">The file's.</param>
    /// <param name="offsetBytes">Where its entry begins.</param>
    /// <returns>The name, or the first <see cref="Inspector.LongestKeyKept"/> bytes of it.</returns>
    /// <exception cref="RdbFormatException">There is no entry.</exception>
    public static async Task<byte[]> ReadAsync(Stream file, RdbVersion version, long offsetBytes, CancellationToken cancellationToken)
    {
        var first = new FirstKey();
        RdbReader reader = RdbReader.ForSegment(first, version, database: 0, offsetBytes, new RdbReaderOptions { EndOffsetBytes = file.Length });
        file.Position = offsetBytes;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (first.Key is null)
            {
                int read = await file.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken);
                if (read == 0)
                {
                    throw new RdbFormatException(RdbError.UnexpectedEnd, reader.OffsetBytes, "The file ends where a key was to be read");
                }

                reader.Read(chunk.AsSpan(0, read));
            }

            return first.Key;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private sealed class FirstKey : RdbHandler
    {
        public byte[]? Key { get; private set; }

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key) =>
            Key ??= key[..Math.Min(key.Length, Inspector.LongestKeyKept)].ToArray();
    }
}
