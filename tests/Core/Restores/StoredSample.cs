using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Tests.Restores;

/// <summary>A data file in a memory store, with its index, and ways to damage it.</summary>
internal sealed class StoredSample
{
    public static readonly ObjectKey Key = new("data/0123/shard-0.rdb");
    private readonly byte[] _file;

    private StoredSample(byte[] file, IndexedContent content)
    {
        _file = file;
        Content = content;
    }

    public MemoryObjectStore Store { get; } = new(TimeProvider.System);

    public IndexedContent Content { get; }

    public RestoreRange Range => RestoreRange.Whole(Key, Content.Index);

    public static async Task<StoredSample> CreateAsync(byte[] file, int segmentBytes = 64 * 1024)
    {
        using var indexer = new SegmentIndexer(new SegmentIndexerOptions { TargetBytes = segmentBytes });
        indexer.Append(file);
        var sample = new StoredSample(file, indexer.Complete());
        await sample.StoreAsync(file);
        return sample;
    }

    /// <summary>Flips one bit of the stored file.</summary>
    public Task DamageAsync(long offsetBytes)
    {
        byte[] damaged = [.. _file];
        damaged[offsetBytes] ^= 0x20;
        return StoreAsync(damaged);
    }

    public async Task StoreAsync(byte[] bytes)
    {
        UploadId upload = await Store.BeginUploadAsync(Key, default);
        UploadedPart part = await Store.UploadPartAsync(Key, upload, 1, bytes, default);
        await Store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
    }
}
