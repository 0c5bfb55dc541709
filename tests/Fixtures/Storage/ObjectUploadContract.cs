using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>What every object store promises about uploads in parts: one suite, run on each of them.</summary>
public abstract class ObjectUploadContract
{
    private static readonly ObjectKey Key = new("data/one/shard-0.rdb");
    private static readonly byte[] Large = StoreBytes.Random(StoreLimits.MinPartBytes, seed: 1);
    private static readonly byte[] Larger = StoreBytes.Random(StoreLimits.MinPartBytes + 4_321, seed: 2);
    private static readonly byte[] Small = StoreBytes.Random(1_234, seed: 3);

    /// <summary>A new empty store.</summary>
    protected abstract ValueTask<IObjectStore> OpenAsync();

    /// <summary>How many complete at once. One at a time where what answers is an emulator that looks first and writes later.</summary>
    protected virtual int RacersAtOnce => 16;

    [Fact]
    public async Task Upload_is_invisible_until_it_is_completed()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart first = await store.UploadPartAsync(Key, upload, 1, Large, default);
        UploadedPart second = await store.UploadPartAsync(Key, upload, 2, Small, default);
        Assert.Null(await store.HeadAsync(Key, default));
        Assert.Empty(await store.ListAsync());
        OpenUpload open = Assert.Single(await store.UploadsAsync());
        Assert.Equal((Key, upload), (open.Key, open.Id));

        ObjectTag tag = await store.CompleteUploadAsync(Key, upload, [first, second], WriteCondition.Absent, default);

        StoredBytes read = await store.ReadAsync(Key);
        byte[] expected = [.. Large, .. Small];
        Assert.Equal(expected, read.Bytes);
        Assert.Equal(tag, read.Tag);
        ObjectSummary listed = Assert.Single(await store.ListAsync());
        Assert.Equal((Key, read.Bytes.Length, tag), (listed.Key, listed.LengthBytes, listed.Tag));
        Assert.Equal(tag, (await store.HeadAsync(Key, default))!.Tag);
        Assert.Empty(await store.UploadsAsync());
        Assert.Equal(expected[^1_237..^1_230], (await store.ReadAsync(Key, new ByteRange(Large.Length - 3, 7))).Bytes);
    }

    [Fact]
    public async Task Upload_that_one_uploader_left_another_completes_without_the_parts_of_a_third()
    {
        IObjectStore store = await OpenAsync();
        var options = new SegmentUploaderOptions { PartSizeBytes = StoreLimits.MinPartBytes };
        SuspendedUpload left;
        int asked = 0;
        await using (SegmentUploader first = await SegmentUploader.BeginAsync(store, Key, options, TimeProvider.System, new Random(1), default))
        {
            await first.AppendAsync(Larger, default);
            left = await first.SuspendAsync(default);
        }

        Assert.Equal((1, 4_321, Larger.Length), (left.Parts.Count, left.Tail.Length, (int)left.LengthBytes));
        await using SegmentUploader third = Resume(left, number: 3);
        await third.AppendAsync(Large, default);
        Assert.Equal(2, (await third.SuspendAsync(default)).Parts.Count);

        asked = 0;
        await using SegmentUploader second = Resume(left, number: 40);
        await second.AppendAsync(Large, default);
        await second.AppendAsync(Larger, default);
        await second.AppendAsync(Small, default);
        SuspendedUpload right = await second.SuspendAsync(default);
        Assert.Equal([1, 40, 41], right.Parts.Select(part => part.Number));
        Assert.Equal((2, 42), (asked, right.NextNumber));
        await using SegmentUploader last = Resume(right, number: 100);
        UploadedObject made = await last.CompleteAsync(WriteCondition.Absent, default);
        byte[] expected = [.. Larger, .. Large, .. Larger, .. Small];
        Assert.Equal(expected, (await store.ReadAsync(Key)).Bytes);
        Assert.Empty(await store.UploadsAsync());

        // Whoever died before saying so finds it made.
        await using SegmentUploader again = Resume(right, number: 200);
        Assert.Equal(made.Tag, (await again.CompleteAsync(WriteCondition.Absent, default)).Tag);

        SegmentUploader Resume(SuspendedUpload suspended, int number)
        {
            int end = number;
            var numbers = new PartNumbers(number, end, _ =>
            {
                asked++;
                return ValueTask.FromResult(++end);
            });
            return SegmentUploader.Resume(store, Key, suspended, numbers, options, TimeProvider.System, new Random(1), default);
        }
    }

    [Fact]
    public async Task Uploader_that_goes_on_leaves_the_upload_open_when_it_fails()
    {
        IObjectStore store = await OpenAsync();
        SegmentUploaderOptions options = new();
        await using SegmentUploader first = await SegmentUploader.BeginAsync(store, Key, options, TimeProvider.System, new Random(1), default);
        SuspendedUpload left = await first.SuspendAsync(default);
        await using (SegmentUploader.Resume(
            store, Key, left, new PartNumbers(1, 2, _ => ValueTask.FromResult(3)), options, TimeProvider.System, new Random(1), default))
        {
        }

        Assert.Single(await store.UploadsAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_234)]
    public async Task One_small_or_empty_part_is_an_object(int length)
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart only = await store.UploadPartAsync(Key, upload, 10_000, Large.AsMemory(0, length), default);

        await store.CompleteUploadAsync(Key, upload, [only], WriteCondition.None, default);

        Assert.Equal(Large[..length], (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Parts_are_joined_by_number_and_those_not_listed_are_left_out()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart last = await store.UploadPartAsync(Key, upload, 1_001, Small, default);
        UploadedPart second = await store.UploadPartAsync(Key, upload, 7, Larger, default);
        await store.UploadPartAsync(Key, upload, 5, StoreBytes.Random(StoreLimits.MinPartBytes, seed: 4), default);
        UploadedPart first = await store.UploadPartAsync(Key, upload, 2, Large, default);

        await store.CompleteUploadAsync(Key, upload, [last, first, second], WriteCondition.None, default);

        byte[] expected = [.. Large, .. Larger, .. Small];
        Assert.Equal(expected, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Parts_begun_at_the_same_time_are_all_kept()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        byte[][] contents = [.. Enumerable.Range(1, 4).Select(i => StoreBytes.Random(StoreLimits.MinPartBytes + (i * 1_000), seed: i))];

        UploadedPart[] parts = await Task.WhenAll(contents.Select((content, i) => store.UploadPartAsync(Key, upload, i + 1, content, default)));
        await store.CompleteUploadAsync(Key, upload, parts, WriteCondition.None, default);

        Assert.Equal(contents.SelectMany(content => content).ToArray(), (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Same_number_again_replaces_the_part()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        await store.UploadPartAsync(Key, upload, 1, Large, default);
        UploadedPart second = await store.UploadPartAsync(Key, upload, 2, Small, default);
        UploadedPart again = await store.UploadPartAsync(Key, upload, 1, Larger, default);

        await store.CompleteUploadAsync(Key, upload, [again, second], WriteCondition.None, default);

        byte[] expected = [.. Larger, .. Small];
        Assert.Equal(expected, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Completion_over_an_object_is_refused_and_leaves_the_upload_open()
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, "there");
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, Small, default);

        await Assert.ThrowsAsync<PreconditionFailedException>(
            () => store.CompleteUploadAsync(Key, upload, [part], WriteCondition.Absent, default));

        Assert.Equal("there", await store.ReadTextAsync(Key));
        Assert.Equal(upload, Assert.Single(await store.UploadsAsync()).Id);
        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
        Assert.Equal(Small, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Completed_upload_can_be_given_up_without_harm()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, Small, default);
        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);

        await store.AbortUploadAsync(Key, upload, default);

        Assert.Equal(Small, (await store.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Part_that_the_upload_does_not_have_is_not_found()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, Large, default);
        UploadedPart never = part with { Number = 2 };

        await Assert.ThrowsAsync<UploadNotFoundException>(
            () => store.CompleteUploadAsync(Key, upload, [part, never], WriteCondition.None, default));

        Assert.Null(await store.HeadAsync(Key, default));
        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
    }

    [Fact]
    public async Task Aborted_upload_leaves_nothing()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        await store.UploadPartAsync(Key, upload, 1, Large, default);

        await store.AbortUploadAsync(Key, upload, default);
        await store.AbortUploadAsync(Key, upload, default);

        Assert.Empty(await store.UploadsAsync());
        Assert.Null(await store.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_alike()
    {
        IObjectStore store = await OpenAsync();
        UploadId upload = await store.BeginUploadAsync(Key, default);
        var tag = new ObjectTag("tag");
        UploadedPart[][] wrong =
        [
            [],
            [new(1, tag, StoreLimits.MinPartBytes), new(1, tag, 5)],
            [new(1, tag, StoreLimits.MinPartBytes - 1), new(2, tag, 5)],
            [new(0, tag, 5)],
            [new(10_001, tag, 5)],
        ];

        foreach (UploadedPart[] parts in wrong)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => store.CompleteUploadAsync(Key, upload, parts, WriteCondition.None, default));
        }

        await Assert.ThrowsAsync<ArgumentException>(
            () => store.CompleteUploadAsync(Key, upload, [new(1, tag, 5)], WriteCondition.Matches(tag), default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.UploadPartAsync(Key, upload, 0, Small, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.UploadPartAsync(Key, upload, 10_001, Small, default));
    }

    [Fact]
    public async Task Open_uploads_are_listed_by_prefix()
    {
        IObjectStore store = await OpenAsync();
        foreach (string key in new[] { "data/b", "data/a", "other/c", "data/a/x" })
        {
            await store.BeginUploadAsync(new ObjectKey(key), default);
        }

        Assert.Equal(["data/a", "data/a/x", "data/b"], (await store.UploadsAsync("data/")).Select(upload => upload.Key.Value).Order(StringComparer.Ordinal));
        Assert.Equal(4, (await store.UploadsAsync()).Count);
    }

    [Fact]
    public async Task Of_racing_completions_of_one_key_one_wins()
    {
        IObjectStore store = await OpenAsync();
        var begun = new List<(UploadId Upload, UploadedPart Part)>();
        for (int i = 0; i < 16; i++)
        {
            UploadId upload = await store.BeginUploadAsync(Key, default);
            begun.Add((upload, await store.UploadPartAsync(Key, upload, 1, new byte[] { (byte)i }, default)));
        }

        List<int> winners = [];
        foreach (int[] racers in Enumerable.Range(0, begun.Count).Chunk(RacersAtOnce))
        {
            int[] won = await StoreRace.RunAsync(
                racers.Length,
                i => store.CompleteUploadAsync(Key, begun[racers[i]].Upload, [begun[racers[i]].Part], WriteCondition.Absent, default));
            winners.AddRange(won.Select(i => racers[i]));
        }

        Assert.Equal(Assert.Single(winners), Assert.Single((await store.ReadAsync(Key)).Bytes));
        Assert.Equal(15, (await store.UploadsAsync()).Count);
    }
}
