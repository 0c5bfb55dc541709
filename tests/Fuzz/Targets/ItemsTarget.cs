using System.Buffers;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// A stream of Memcached's items. However it is cut, it tells the same or fails the same way; one that is taken is, written anew, the same
/// bytes; and so are lines of the server's own that are read on the way to one.
/// </summary>
internal static class ItemsTarget
{
    public static void Run(byte[] input)
    {
        (byte[] whole, RdbFormatException? error) = Read(input, []);
        Promise.Keep(error is not null || whole.AsSpan().SequenceEqual(input), "Written anew, it differs");
        foreach (int[] cuts in Cuts.Of(input))
        {
            (byte[] cut, RdbFormatException? cutError) = Read(input, cuts);
            Promise.KeepError(error, cutError);
            Promise.Keep(cut.AsSpan().SequenceEqual(whole), "Cut, it tells something else");
        }

        Span<byte> key = stackalloc byte[ItemKey.MaxBytes];
        if (MetadumpLine.TryRead(input, key, out MetadumpLine line))
        {
            Promise.Keep(line is { KeyLengthBytes: >= 1 and <= ItemKey.MaxBytes, ExpireAtSeconds: >= 0, SizeBytes: >= 0 }, "A listed key is none");
        }

        if (MetaReply.TryRead(input, out MetaReply reply))
        {
            Promise.Keep(reply is { LengthBytes: >= 0 and <= ItemHead.MaxValueBytes, SecondsLeft: >= -1 }, "A reply's numbers are none");
        }
    }

    private static (byte[] Written, RdbFormatException? Error) Read(byte[] input, int[] cuts)
    {
        var copy = new Copy();
        RdbFormatException? error = Promise.ErrorOf(input.Length, () =>
        {
            IEntryReader reader = IEntryReader.OfFile(RdbMagic.Memcached, copy, new RdbReaderOptions { EndOffsetBytes = input.Length });
            Cuts.Feed(input, cuts, reader.Read);
            reader.Complete();
        });
        return (copy.Written.WrittenSpan.ToArray(), error);
    }

    private sealed class Copy : RdbHandler
    {
        private readonly ArrayBufferWriter<byte> _value = new();
        private RdbEntryStart _entry;
        private byte[] _key = [];

        public ArrayBufferWriter<byte> Written { get; } = new();

        public override void OnHeader(RdbVersion version) => Written.Write(ItemStreamWriter.Edge);

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
        {
            (_entry, _key) = (entry, key.ToArray());
            _value.ResetWrittenCount();
        }

        public override void OnValue(ReadOnlySpan<byte> fragment) => _value.Write(fragment);

        public override void OnEntryEnd(in RdbEntryEnd end) =>
            Promise.Keep(
                ItemStreamWriter.TryWrite(Written, _key, _entry.Flags, (_entry.ExpireAtMilliseconds ?? 0) / 1000, _value.WrittenSpan),
                "A key that was read cannot be written");

        public override void OnEnd(long offsetBytes) => Written.Write(ItemStreamWriter.Edge);
    }
}
