using System.Buffers;

namespace CacheBackup.Core.Tests.Resp;

/// <summary>
/// The ways in which the same bytes can arrive: whole, with more behind them, split in two at every place, one byte at a time, and one byte in each
/// segment of one buffer. n bytes give n + 3 ways.
/// </summary>
internal static class Fragments
{
    private static readonly byte[] NextReply = "+NEXT\r\n"u8.ToArray();

    public static IEnumerable<Arrival> Of(byte[] bytes)
    {
        yield return new Arrival("whole", [new ReadOnlySequence<byte>(bytes)], 0);
        yield return new Arrival("oversized", [new ReadOnlySequence<byte>([.. bytes, .. NextReply])], NextReply.Length);
        for (int at = 1; at < bytes.Length; at++)
        {
            yield return new Arrival($"split at {at}", [new ReadOnlySequence<byte>(bytes, 0, at), new ReadOnlySequence<byte>(bytes, at, bytes.Length - at)], 0);
        }

        yield return new Arrival("byte by byte", [.. bytes.Select(b => new ReadOnlySequence<byte>([b]))], 0);
        yield return new Arrival("a byte per segment", [Segmented(bytes)], 0);
    }

    /// <summary>One buffer of one-byte segments.</summary>
    private static ReadOnlySequence<byte> Segmented(byte[] bytes)
    {
        var first = new Segment(bytes.AsMemory(0, 1), null);
        Segment last = first;
        for (int i = 1; i < bytes.Length; i++)
        {
            last = new Segment(bytes.AsMemory(i, 1), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    /// <param name="Name">For messages.</param>
    /// <param name="Pieces">What arrives, one after the other.</param>
    /// <param name="Surplus">Bytes that belong to what comes next.</param>
    internal sealed record Arrival(string Name, IReadOnlyList<ReadOnlySequence<byte>> Pieces, int Surplus);

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
