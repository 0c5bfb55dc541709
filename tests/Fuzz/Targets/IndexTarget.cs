using System.Buffers;
using CacheBackup.Core.Segments;

namespace CacheBackup.Fuzz.Targets;

/// <summary>A stored segment index. One that is taken tiles its file, can be used, and is written as it was understood.</summary>
internal static class IndexTarget
{
    public static void Run(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        SegmentIndex index;
        try
        {
            index = SegmentIndex.Read(input);
        }
        catch (SegmentIndexException)
        {
            Promise.KeepMemory(input.Length, before);
            return;
        }

        Promise.KeepMemory(input.Length, before);
        Promise.Keep(index.Segments[^1].EndOffsetBytes == index.SizeBytes, "Segments do not tile the file");
        Promise.Keep(index.Keys >= 0, "There are fewer keys than none");
        byte[] written = Write(index);
        var again = SegmentIndex.Read(written);
        Promise.Keep(again.ContentDigest == index.ContentDigest && again.Keys == index.Keys, "Written and read, it is another index");
        Promise.Keep(written.AsSpan().SequenceEqual(Write(again)), "Written twice, it differs");
    }

    private static byte[] Write(SegmentIndex index)
    {
        var buffer = new ArrayBufferWriter<byte>();
        index.WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
