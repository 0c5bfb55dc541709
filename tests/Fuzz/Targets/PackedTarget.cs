using CacheBackup.Core.Rdb;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// An encoded part of a value by itself: a byte for its kind, then the part. It has fewer entries than bytes, and errors name where it
/// stands.
/// </summary>
internal static class PackedTarget
{
    private const long OffsetBytes = 77;

    public static void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        byte[] part = input[1..];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var (error, others) = (input[0] % 5) switch
        {
            0 => (RdbError.BadListpack, RdbError.BadListpack),
            1 => (RdbError.BadZiplist, RdbError.BadZiplist),
            2 => (RdbError.BadZipmap, RdbError.BadZipmap),
            3 => (RdbError.BadIntset, RdbError.BadIntset),
            _ => (RdbError.BadStream, RdbError.BadListpack),
        };
        try
        {
            Read(error, part);
        }
        catch (RdbFormatException e)
        {
            Promise.Keep(e.OffsetBytes == OffsetBytes, $"An error of a part does not stand where the part does: {e.Message}");
            Promise.Keep(e.Code == error || e.Code == others, $"An error of a part is another's: {e.Message}");
        }

        Promise.KeepMemory(input.Length, before);
    }

    private static void Read(RdbError kind, byte[] part)
    {
        int left = part.Length;
        switch (kind)
        {
            case RdbError.BadListpack:
                ReadAll(new ListpackReader(part, OffsetBytes), left);
                break;
            case RdbError.BadZiplist:
                ReadAll(new ZiplistReader(part, OffsetBytes), left);
                break;
            case RdbError.BadZipmap:
                var zipmap = new ZipmapReader(part, OffsetBytes);
                while (zipmap.TryRead(out var field, out var value))
                {
                    left -= field.Length + value.Length + 1;
                    Promise.Keep(left > 0, "A zipmap has more than its bytes");
                }

                break;
            case RdbError.BadIntset:
                var intset = new IntsetReader(part, OffsetBytes);
                while (intset.TryRead(out _))
                {
                    Promise.Keep(--left > 0, "An intset has more numbers than bytes");
                }

                break;
            default:
                var elements = new ElementFingerprint();
                var nodes = new StreamNodeDecoder(elements);
                nodes.Begin();
                nodes.BeginNode(new byte[StreamId.SizeBytes], OffsetBytes);
                nodes.Decode(part, OffsetBytes);

                // An entry with shared fields tells them again.
                Promise.Keep(nodes.Entries <= left && elements.Calls <= 4L * left, "A stream's node has more entries than bytes");
                break;
        }
    }

    private static void ReadAll<TReader>(TReader reader, int left)
        where TReader : struct, IEncodedReader, allows ref struct
    {
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        while (reader.TryRead(out var entry))
        {
            left -= entry.IsNumber ? 1 : entry.AsText(digits).Length + 1;
            Promise.Keep(left > 0, "A part has more than its bytes");
            entry.TryGetNumber(out _);
            entry.TryGetScore(out _);
        }
    }
}
