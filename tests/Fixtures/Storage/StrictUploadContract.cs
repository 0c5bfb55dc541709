using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>
/// What S3 promises about uploads and moto does not keep: it answers 500 for an upload that is not open, and does not look
/// whose upload it is. Run on our own stores; that S3's answers are understood is tested with its answers.
/// </summary>
public abstract class StrictUploadContract : ObjectUploadContract
{
    private static readonly ObjectKey Key = new("data/one/shard-0.rdb");
    private static readonly byte[] Small = StoreBytes.Random(1_234, seed: 3);

    [Fact]
    public async Task Upload_that_is_not_open_is_not_found()
    {
        IObjectStore store = await OpenAsync();
        UploadId completed = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, completed, 1, Small, default);
        await store.CompleteUploadAsync(Key, completed, [part], WriteCondition.None, default);
        UploadId aborted = await store.BeginUploadAsync(Key, default);
        await store.AbortUploadAsync(Key, aborted, default);

        foreach (UploadId gone in new[] { completed, aborted, new UploadId("../../etc"), new UploadId(new string('0', 32)), default })
        {
            await Assert.ThrowsAsync<UploadNotFoundException>(() => store.UploadPartAsync(Key, gone, 1, Small, default));
            await Assert.ThrowsAsync<UploadNotFoundException>(
                () => store.CompleteUploadAsync(Key, gone, [part], WriteCondition.None, default));
            await store.AbortUploadAsync(Key, gone, default);
        }

        Assert.Equal(Small, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Upload_belongs_to_its_key()
    {
        var other = new ObjectKey("data/other");
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, Small, default);

        await Assert.ThrowsAsync<UploadNotFoundException>(() => store.UploadPartAsync(other, upload, 1, Small, default));
        await Assert.ThrowsAsync<UploadNotFoundException>(
            () => store.CompleteUploadAsync(other, upload, [part], WriteCondition.None, default));
        await store.AbortUploadAsync(other, upload, default);

        Assert.Equal(upload, Assert.Single(await store.UploadsAsync()).Id);
    }

    [Fact]
    public async Task Part_of_another_upload_or_with_another_tag_is_not_found()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, Small, default);
        UploadId other = await store.BeginUploadAsync(Key, default);
        UploadedPart others = await store.UploadPartAsync(Key, other, 1, StoreBytes.Random(1_234, seed: 4), default);

        UploadedPart[] wrongs =
            [others, part with { LengthBytes = 1_233 }, part with { Tag = new ObjectTag("0-0") }, part with { Tag = new ObjectTag("") }];
        foreach (UploadedPart wrong in wrongs)
        {
            await Assert.ThrowsAsync<UploadNotFoundException>(
                () => store.CompleteUploadAsync(Key, upload, [wrong], WriteCondition.None, default));
        }

        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
        Assert.Equal(Small, (await store.ReadAsync(Key)).Bytes);
    }
}
