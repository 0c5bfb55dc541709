using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Reads ranges of an open file. Not asynchronous: where the bytes are in the system's cache that is faster, and where they are not nothing else
/// waits for the thread.
/// </summary>
internal static class FileReading
{
    /// <summary>Read and worked on before it leaves the processor's own cache.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <param name="take">Is given the next bytes; they are valid only during the call.</param>
    /// <exception cref="IOException">The file ends before the range does.</exception>
    public static void Read(SafeFileHandle file, long offset, long endOffset, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (offset < endOffset)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(BufferBytes, endOffset - offset)), offset);
                if (read == 0)
                {
                    throw new IOException($"The file became shorter while it was read: byte {offset} is gone.");
                }

                take(buffer.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The same for who must wait between two pieces.</summary>
    public static async Task ReadAsync(
        SafeFileHandle file, long offset, long endOffset, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (offset < endOffset)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(BufferBytes, endOffset - offset)), offset);
                if (read == 0)
                {
                    throw new IOException($"The file became shorter while it was read: byte {offset} is gone.");
                }

                await take(buffer.AsMemory(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
