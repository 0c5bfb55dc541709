using System.Buffers;
using System.Buffers.Binary;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// An RDB file. Walked as it is; then with a checksum that fits, walked, decoded and indexed. However it is cut, it tells the same; a file
/// that is taken has an index that tiles it, and written anew it holds the same entries.
/// </summary>
internal static class FileTarget
{
    private const int FooterBytes = 8;

    public static void Run(byte[] input)
    {
        Promise.ErrorOf(input.Length, () => Walk(new Quiet(), input, []));
        byte[] file = Forge(input);
        var whole = new FileFingerprint(decodes: false);
        var error = Promise.ErrorOf(file.Length, () => Walk(whole, file, []));
        var decoded = new FileFingerprint(decodes: true);
        var valueError = Promise.ErrorOf(file.Length, () => Walk(decoded, file, []));
        Promise.Keep(error is null || valueError is not null, "What cannot be walked was decoded");
        foreach (int[] cuts in Cuts.Of(file))
        {
            var cut = new FileFingerprint(decodes: false);
            var cutError = Promise.ErrorOf(file.Length, () => Walk(cut, file, cuts));
            Promise.KeepError(error, cutError);
            Promise.Keep(error is not null || cut.Value == whole.Value, "Cut, it tells something else");

            var cutDecoded = new FileFingerprint(decodes: true);
            var cutValueError = Promise.ErrorOf(file.Length, () => Walk(cutDecoded, file, cuts));
            Promise.Keep(cutValueError is null == valueError is null, $"Its values, cut: {cutValueError?.Message}; whole: {valueError?.Message}");
            Promise.Keep(valueError is not null || cutDecoded.Value == decoded.Value, "Cut, its values are others");
            if (error is null)
            {
                Index(file, cuts);
            }
        }

        if (error is null)
        {
            Rewrite(file);
        }
    }

    /// <summary>A copy whose last eight bytes are the checksum of those before them.</summary>
    private static byte[] Forge(byte[] input)
    {
        byte[] file = [.. input];
        if (file.Length > RdbVersion.HeaderBytes + FooterBytes)
        {
            var body = file.AsSpan(0, file.Length - FooterBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(body.Length), CrcRedis64.Compute(0, body));
        }

        return file;
    }

    private static void Walk(RdbHandler handler, byte[] file, int[] cuts)
    {
        var reader = new RdbReader(handler);
        Cuts.Feed(file, cuts, reader.Read);
        var summary = reader.Complete();
        Promise.Keep(summary.SizeBytes == file.Length && reader.HasEnded, "A file that is taken was not read to its end");
    }

    private static void Index(byte[] file, int[] cuts)
    {
        var options = new SegmentIndexerOptions { TargetBytes = 1 << 10, LargeEntryBytes = 1 << 10 };
        byte[] whole = IndexOf(file, [], options);
        Promise.Keep(whole.AsSpan().SequenceEqual(IndexOf(file, cuts, options)), "Cut, it has another index");
        Promise.Keep(SegmentIndex.Read(whole).SizeBytes == file.Length, "Its index is not as long as it");
    }

    private static byte[] IndexOf(byte[] file, int[] cuts, SegmentIndexerOptions options)
    {
        using var indexer = new SegmentIndexer(options);
        Cuts.Feed(file, cuts, indexer.Append);
        var buffer = new ArrayBufferWriter<byte>();
        indexer.Complete().Index.WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Rewrite(byte[] file)
    {
        var copy = new CopyingHandler();
        try
        {
            Walk(copy, file, []);
        }
        catch (NotInRdbVersionException)
        {
            // A version that does not have the type, which no server would have written.
            return;
        }

        var again = new CopyingHandler();
        Walk(again, copy.Complete(), []);
        Promise.Keep(copy.Entries == again.Entries, "Written anew, it has other entries");
    }

    private sealed class Quiet : RdbHandler;
}
