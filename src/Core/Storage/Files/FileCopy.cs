using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>Copies a range between two files: by the kernel where it can, which shares blocks where the file system can.</summary>
internal static class FileCopy
{
    private const int BufferBytes = 1 << 20;

    // The kernel is asked for so much at a time, so that a cancelled copy ends soon.
    private const long StepBytes = 256L * 1024 * 1024;

    /// <exception cref="IOException">The source is shorter than it should be.</exception>
    public static void Range(
        SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long lengthBytes, CancellationToken cancellationToken)
    {
        while (lengthBytes > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long copied = NativeFile.CopyRange(from, fromOffset, to, toOffset, Math.Min(lengthBytes, StepBytes));
            if (copied == 0)
            {
                CopyHere(from, fromOffset, to, toOffset, lengthBytes, cancellationToken);
                return;
            }

            (fromOffset, toOffset, lengthBytes) = (fromOffset + copied, toOffset + copied, lengthBytes - copied);
        }
    }

    private static void CopyHere(
        SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long lengthBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (lengthBytes > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> wanted = buffer.AsSpan(0, (int)Math.Min(buffer.Length, lengthBytes));
                int read = RandomAccess.Read(from, wanted, fromOffset);
                if (read == 0)
                {
                    throw new IOException($"The file ended {lengthBytes} bytes before the part did.");
                }

                RandomAccess.Write(to, wanted[..read], toOffset);
                (fromOffset, toOffset, lengthBytes) = (fromOffset + read, toOffset + read, lengthBytes - read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
