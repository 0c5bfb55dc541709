using System.Buffers;
using System.IO.Pipelines;

namespace CacheBackup.Caches.Tests;

/// <summary>Ways to read a content to its end.</summary>
internal static class Drain
{
    /// <summary>Everything at once, taken as it comes.</summary>
    public static async Task<byte[]> AllAsync(PipeReader reader, CancellationToken cancellationToken = default)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                all.Write(part.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return all.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>At most <paramref name="biteBytes"/> a time, everything examined: as a parser that waits for the rest of a token.</summary>
    public static async Task<byte[]> InBitesAsync(PipeReader reader, int biteBytes, CancellationToken cancellationToken = default)
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> bite = result.Buffer.Slice(0, Math.Min(biteBytes, result.Buffer.Length));
            all.Write(bite.ToArray());
            bool isOver = result.IsCompleted && bite.Length == result.Buffer.Length;
            reader.AdvanceTo(bite.End, bite.Length == result.Buffer.Length ? result.Buffer.End : bite.End);
            if (isOver)
            {
                return all.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>Takes nothing before everything is there.</summary>
    public static async Task<byte[]> AtTheEndAsync(PipeReader reader, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                byte[] all = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return all;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
