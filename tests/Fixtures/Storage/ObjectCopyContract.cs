using System.Security.Cryptography;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>What every object store promises as the target of a copy, whether it copies by itself or is streamed into.</summary>
public abstract class ObjectCopyContract
{
    private static readonly ObjectKey Source = new("data/one/shard-0.rdb");
    private static readonly ObjectKey Target = new("data/two/shard-0.rdb");
    private static readonly byte[] Content = StoreBytes.Random((2 * StoreLimits.MinPartBytes) + 4_321, seed: 7);

    /// <summary>A new empty store; each call another one of the same kind.</summary>
    protected abstract ValueTask<IObjectStore> OpenAsync();

    /// <summary>What a copy within the store is proven by.</summary>
    protected abstract CopyProof OwnProof { get; }

    [Fact]
    public async Task Copy_within_a_store_has_the_same_bytes_and_leaves_the_source()
    {
        IObjectStore store = await FilledAsync(Content);
        Assert.Equal(OwnProof, await CopyAsync(store, store));
        Assert.Equal(Content, (await store.ReadAsync(Target)).Bytes);
        Assert.Equal(Content, (await store.ReadAsync(Source)).Bytes);
        Assert.Empty(await store.UploadsAsync());
    }

    [Fact]
    public async Task Copy_into_another_store_of_the_kind_has_the_same_bytes()
    {
        IObjectStore from = await FilledAsync(Content);
        IObjectStore to = await OpenAsync();
        Assert.Equal(OwnProof, await CopyAsync(from, to));
        Assert.Equal(Content, (await to.ReadAsync(Target)).Bytes);
        Assert.Null(await to.HeadAsync(Source, default));
    }

    [Fact]
    public async Task Copy_out_of_a_store_of_another_kind_is_streamed()
    {
        IObjectStore from = new ObservedObjectStore(new MemoryObjectStore(TimeProvider.System), _ => { });
        await FillAsync(from, Content);
        IObjectStore to = await OpenAsync();
        Assert.Equal(CopyProof.Streamed, await CopyAsync(from, to));
        Assert.Equal(Content, (await to.ReadAsync(Target)).Bytes);
    }

    [Fact]
    public async Task Copy_never_replaces_an_object()
    {
        IObjectStore store = await FilledAsync(Content);
        byte[] other = [1, 2, 3];
        await store.PutAsync(Target, other, WriteCondition.Absent, default);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => CopyAsync(store, store));
        Assert.Equal(other, (await store.ReadAsync(Target)).Bytes);
        Assert.Empty(await store.UploadsAsync());
    }

    [Fact]
    public async Task Source_with_other_bytes_than_recorded_is_not_copied()
    {
        IObjectStore store = await FilledAsync(Content);
        Sha256Digest wrong = new(SHA256.HashData("something else"u8));
        await Assert.ThrowsAsync<BackupDamagedException>(
            () => new ObjectCopy(store, store, TimeProvider.System).RunAsync(Source, Content.Length, wrong, Target, null, default));
        await Assert.ThrowsAsync<BackupDamagedException>(
            () => new ObjectCopy(store, store, TimeProvider.System).RunAsync(Source, Content.Length - 1, null, Target, null, default));
        Assert.Null(await store.HeadAsync(Target, default));
        Assert.Empty(await store.UploadsAsync());
    }

    [Fact]
    public async Task Source_that_is_gone_is_named()
    {
        IObjectStore store = await OpenAsync();
        BackupDamagedException gone = await Assert.ThrowsAsync<BackupDamagedException>(() => CopyAsync(store, store));
        Assert.Contains(Source.Value, gone.Message, StringComparison.Ordinal);
    }

    private static Task<CopyProof> CopyAsync(IObjectStore from, IObjectStore to) => new ObjectCopy(from, to, TimeProvider.System).RunAsync(
        Source, Content.Length, new Sha256Digest(SHA256.HashData(Content)), Target, progress: null, default);

    private async Task<IObjectStore> FilledAsync(byte[] content)
    {
        IObjectStore store = await OpenAsync();
        await FillAsync(store, content);
        return store;
    }

    private static async Task FillAsync(IObjectStore store, byte[] content)
    {
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(
            store, Source, new SegmentUploaderOptions(), TimeProvider.System, Random.Shared, default);
        await uploader.AppendAsync(content, default);
        await uploader.CompleteAsync(WriteCondition.Absent, default);
    }
}
