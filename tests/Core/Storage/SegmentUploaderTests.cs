using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class SegmentUploaderTests
{
    private const int MiB = 1024 * 1024;
    private static readonly ObjectKey Key = new("data/one/shard-0.rdb");
    private static readonly SegmentUploaderOptions Options = new() { PartSizeBytes = 5 * MiB, Parallelism = 2, RetryDelay = TimeSpan.Zero };

    private readonly MemoryObjectStore _memory = new(TimeProvider.System);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData((5 * MiB) - 1, 1)]
    [InlineData(5 * MiB, 1)]
    [InlineData((5 * MiB) + 1, 2)]
    [InlineData(17 * MiB, 4)]
    public async Task Stream_of_any_length_becomes_the_object(int length, int parts)
    {
        byte[] content = StoreBytes.Random(length, seed: length);
        await using SegmentUploader uploader = await BeginAsync(_memory, Options);

        await AppendAsync(uploader, content, seed: length);
        UploadedObject made = await uploader.CompleteAsync(WriteCondition.Absent, TestContext.Current.CancellationToken);

        Assert.Equal(content, (await _memory.ReadAsync(Key)).Bytes);
        Assert.Equal((Key, length, parts), (made.Key, made.LengthBytes, made.Parts.Count));
        Assert.Equal((await _memory.HeadAsync(Key, default))!.Tag, made.Tag);
        Assert.Equal(Enumerable.Range(1, parts), made.Parts.Select(part => part.Number));
        Assert.Empty(await _memory.UploadsAsync());
    }

    [Fact]
    public async Task Buffers_can_be_filled_in_place()
    {
        byte[] content = StoreBytes.Random(12 * MiB, seed: 1);
        await using SegmentUploader uploader = await BeginAsync(_memory, Options);
        var source = new MemoryStream(content);
        int read;
        while ((read = await source.ReadAsync(uploader.GetMemory(), TestContext.Current.CancellationToken)) > 0)
        {
            uploader.Advance(read);
            await uploader.FlushAsync(TestContext.Current.CancellationToken);
        }

        await uploader.CompleteAsync(WriteCondition.None, TestContext.Current.CancellationToken);

        Assert.Equal(content, (await _memory.ReadAsync(Key)).Bytes);
    }

    [Fact]
    public async Task Full_part_must_be_flushed_before_more_is_written()
    {
        await using SegmentUploader uploader = await BeginAsync(_memory, Options);
        uploader.Advance(uploader.GetMemory().Length);

        Assert.Throws<InvalidOperationException>(() => uploader.GetMemory());
        Assert.Throws<ArgumentOutOfRangeException>(() => uploader.Advance(1));

        await uploader.FlushAsync(default);
        Assert.Equal(5 * MiB, uploader.GetMemory().Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Memory_is_parallelism_plus_one_parts_and_then_the_writer_waits(int parallelism)
    {
        using var store = new GatedObjectStore(_memory);
        await using SegmentUploader uploader = await BeginAsync(store, Options with { Parallelism = parallelism });
        byte[] part = new byte[5 * MiB];
        for (int i = 0; i < parallelism; i++)
        {
            await uploader.AppendAsync(part, TestContext.Current.CancellationToken);
        }

        // All that may be is in flight: one more part fits into the buffer being filled, and its sending waits.
        await uploader.AppendAsync(part.AsMemory(1), TestContext.Current.CancellationToken);
        Task waiting = uploader.AppendAsync(part.AsMemory(0, 1), TestContext.Current.CancellationToken).AsTask();

        Assert.False(waiting.IsCompleted);
        Assert.Equal(parallelism, store.InFlight);
        Assert.Equal((parallelism + 1) * 5L * MiB, uploader.BufferBytes);

        store.OpenFor(1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((parallelism + 1) * 5L * MiB, uploader.BufferBytes);

        store.OpenFor(1_000);
        for (int i = 0; i < 10; i++)
        {
            await uploader.AppendAsync(part, TestContext.Current.CancellationToken);
            Assert.InRange(uploader.BufferBytes, 0, (parallelism + 1) * 5L * MiB);
        }

        await uploader.CompleteAsync(WriteCondition.None, TestContext.Current.CancellationToken);
        Assert.Equal(parallelism, store.MostInFlight);
        Assert.Equal((parallelism + 11) * 5L * MiB, (await _memory.HeadAsync(Key, default))!.LengthBytes);
    }

    [Fact]
    public async Task Waiting_writer_can_be_cancelled()
    {
        using var store = new GatedObjectStore(_memory);
        await using SegmentUploader uploader = await BeginAsync(store, Options with { Parallelism = 1, AbortTimeout = TimeSpan.FromMilliseconds(50) });
        using var cancel = new CancellationTokenSource();
        await uploader.AppendAsync(new byte[5 * MiB], cancel.Token);
        Task waiting = uploader.AppendAsync(new byte[5 * MiB], cancel.Token).AsTask();
        Assert.False(waiting.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task First_failure_surfaces_at_the_next_call_and_at_every_later_one()
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.UploadPart, 1, StoreFaultKind.AccessDenied)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options);
        await uploader.AppendAsync(new byte[5 * MiB], default);

        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => uploader.AppendAsync(new byte[1], default).AsTask());
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => uploader.FlushAsync(default).AsTask());
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => uploader.CompleteAsync(WriteCondition.None, default));

        Assert.True(await uploader.AbortAsync());
        Assert.Empty(await _memory.UploadsAsync());
        Assert.Null(await _memory.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Part_is_tried_again_after_transient_errors()
    {
        var store = new FaultyObjectStore(
            _memory,
            [
                new StoreFault(StoreOperation.UploadPart, 1, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.UploadPart, 2, StoreFaultKind.AcknowledgementLost),
                new StoreFault(StoreOperation.UploadPart, 4, StoreFaultKind.Unavailable),
            ]);
        byte[] content = StoreBytes.Random(12 * MiB, seed: 1);
        await using SegmentUploader uploader = await BeginAsync(store, Options);

        await uploader.AppendAsync(content, default);
        await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal(content, (await _memory.ReadAsync(Key)).Bytes);
        Assert.Equal(6, store.Calls(StoreOperation.UploadPart));
    }

    [Fact]
    public async Task Part_is_given_up_after_the_last_attempt()
    {
        var store = new FaultyObjectStore(_memory, StoreFault.Always(StoreOperation.UploadPart, StoreFaultKind.Unavailable));
        await using SegmentUploader uploader = await BeginAsync(store, Options with { Attempts = 3 });
        await uploader.AppendAsync(new byte[100], default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => uploader.CompleteAsync(WriteCondition.None, default));

        Assert.Equal(3, store.Calls(StoreOperation.UploadPart));
    }

    [Fact]
    public async Task Retries_wait_a_random_share_of_a_doubling_time()
    {
        var clock = new ImpatientTimeProvider();
        var store = new FaultyObjectStore(_memory, StoreFault.Always(StoreOperation.UploadPart, StoreFaultKind.Unavailable));
        var options = Options with { Attempts = 7, RetryDelay = TimeSpan.FromSeconds(1) };
        await using SegmentUploader uploader = await SegmentUploader.BeginAsync(store, Key, options, clock, new FixedRandom(0.5), default);
        await uploader.AppendAsync(new byte[100], default);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => uploader.CompleteAsync(WriteCondition.None, default));

        Assert.Equal([0.5, 1, 2, 4, 5, 5], clock.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Lost_acknowledgement_of_the_completion_is_found_out()
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.CompleteUpload, 1, StoreFaultKind.AcknowledgementLost)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options);
        await uploader.AppendAsync(new byte[100], default);

        UploadedObject made = await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal((await _memory.HeadAsync(Key, default))!.Tag, made.Tag);
    }

    [Fact]
    public async Task Lost_acknowledgement_of_the_last_attempt_is_found_out()
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.CompleteUpload, 1, StoreFaultKind.AcknowledgementLost)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options with { Attempts = 1 });
        await uploader.AppendAsync(new byte[100], default);

        UploadedObject made = await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal((await _memory.HeadAsync(Key, default))!.Tag, made.Tag);
    }

    [Fact]
    public async Task Completion_that_did_not_happen_is_tried_again()
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.CompleteUpload, 1, StoreFaultKind.Unavailable)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options);
        await uploader.AppendAsync(new byte[100], default);

        await uploader.CompleteAsync(WriteCondition.Absent, default);

        Assert.Equal(2, store.Calls(StoreOperation.CompleteUpload));
        Assert.Equal(100, (await _memory.HeadAsync(Key, default))!.LengthBytes);
    }

    [Fact]
    public async Task Object_of_another_writer_is_never_taken_for_ours()
    {
        // The first attempt fails before its effect, then another writer's object of the same length is there.
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.CompleteUpload, 1, StoreFaultKind.Unavailable)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options);
        await uploader.AppendAsync(new byte[100], default);
        await _memory.PutAsync(Key, StoreBytes.Random(100, seed: 9), WriteCondition.None, default);

        await Assert.ThrowsAsync<PreconditionFailedException>(() => uploader.CompleteAsync(WriteCondition.Absent, default));
    }

    [Fact]
    public async Task Upload_that_another_gave_up_is_not_taken_for_done()
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.CompleteUpload, 1, StoreFaultKind.Unavailable)]);
        await using SegmentUploader uploader = await BeginAsync(store, Options);
        await uploader.AppendAsync(new byte[100], default);
        await uploader.FlushAsync(default);
        await _memory.AbortUploadAsync(Key, uploader.Upload, default);

        await Assert.ThrowsAsync<UploadNotFoundException>(() => uploader.CompleteAsync(WriteCondition.Absent, default));
    }

    [Fact]
    public async Task Refused_completion_leaves_the_object_alone_and_the_upload_is_given_up()
    {
        await _memory.PutTextAsync(Key, "there");
        SegmentUploader uploader = await BeginAsync(_memory, Options);
        await uploader.AppendAsync(new byte[100], default);

        await Assert.ThrowsAsync<PreconditionFailedException>(() => uploader.CompleteAsync(WriteCondition.Absent, default));
        await uploader.DisposeAsync();

        Assert.Equal("there", await _memory.ReadTextAsync(Key));
        Assert.Empty(await _memory.UploadsAsync());
    }

    [Fact]
    public async Task Abort_cleans_up_although_the_run_was_cancelled()
    {
        using var run = new CancellationTokenSource();
        SegmentUploader uploader = await SegmentUploader.BeginAsync(_memory, Key, Options, TimeProvider.System, new Random(1), run.Token);
        await uploader.AppendAsync(new byte[6 * MiB], run.Token);
        await run.CancelAsync();

        Assert.True(await uploader.AbortAsync());

        Assert.Empty(await _memory.UploadsAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => uploader.AppendAsync(new byte[1], default).AsTask());
    }

    [Fact]
    public async Task Abort_says_when_the_store_could_not_be_told()
    {
        var store = new FaultyObjectStore(_memory, StoreFault.Always(StoreOperation.AbortUpload, StoreFaultKind.Unavailable));
        SegmentUploader uploader = await BeginAsync(store, Options);

        Assert.False(await uploader.AbortAsync());

        Assert.Single(await _memory.UploadsAsync());
    }

    [Fact]
    public async Task Abort_does_not_wait_for_a_store_that_stalls()
    {
        var store = new FaultyObjectStore(
            _memory,
            [
                .. StoreFault.Always(StoreOperation.UploadPart, StoreFaultKind.Stall),
                .. StoreFault.Always(StoreOperation.AbortUpload, StoreFaultKind.Stall),
            ]);
        SegmentUploader uploader = await BeginAsync(store, Options with { AbortTimeout = TimeSpan.FromMilliseconds(100) });
        await uploader.AppendAsync(new byte[6 * MiB], default);

        Assert.False(await uploader.AbortAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Estimate_that_cannot_fit_is_refused_before_the_store_hears_of_it()
    {
        var options = new SegmentUploaderOptions { EstimateBytes = (StoreLimits.MaxPartNumber * 64L * MiB) + 1 };

        await Assert.ThrowsAsync<UploadTooLongException>(() => BeginAsync(_memory, options));

        Assert.Empty(await _memory.UploadsAsync());
    }

    private static async Task AppendAsync(SegmentUploader uploader, ReadOnlyMemory<byte> content, int seed)
    {
        var random = new Random(seed);
        while (!content.IsEmpty)
        {
            int count = Math.Min(content.Length, random.Next(1, 3 * MiB));
            await uploader.AppendAsync(content[..count], TestContext.Current.CancellationToken);
            content = content[count..];
        }
    }

    private static Task<SegmentUploader> BeginAsync(IObjectStore store, SegmentUploaderOptions options) =>
        SegmentUploader.BeginAsync(store, Key, options, TimeProvider.System, new Random(1), TestContext.Current.CancellationToken);

    private sealed class FixedRandom(double value) : Random(0)
    {
        public override double NextDouble() => value;
    }

    /// <summary>Writes down how long each wait was to be, and does not wait.</summary>
    private sealed class ImpatientTimeProvider : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
