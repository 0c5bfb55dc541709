using System.Buffers.Binary;
using System.IO.Pipelines;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Snapshots;

public sealed class SnapshotRunTests
{
    private static readonly SnapshotKeys Keys = new(new ObjectKey("data/0123/shard-0.rdb"), new ObjectKey("data/0123/shard-0.index"));
    private readonly MemoryObjectStore _store = new(TimeProvider.System);

    [Fact]
    public async Task Run_stores_the_bytes_as_they_came_and_an_index_that_describes_them()
    {
        byte[] file = SampleRdb.File(keys: 300, valueBytes: 40_000);
        PipedSnapshotSource source = PipedSnapshotSource.Of(file);
        SnapshotResult result = await RunAsync(_store, source);

        Assert.Equal(file, await StoredAsync(Keys.Data));
        Assert.Equal(file.Length, result.Content.SizeBytes);
        Assert.Equal(300, result.Content.Summary.Keys);
        Assert.Equal(RdbCrcState.Verified, result.Content.Summary.CrcState);
        Assert.Equal(PipedSnapshotSource.Origin, result.Origin);
        Assert.Equal(result.DataTag, (await _store.HeadAsync(Keys.Data, default))!.Tag);
        Assert.Equal(result.Content.ContentDigest, SegmentIndex.Read(await StoredAsync(Keys.Index)).ContentDigest);
        Assert.True(source.IsClosed);
        Assert.Empty(await OpenUploadsAsync());
    }

    [Fact]
    public async Task Run_into_a_stream_checks_and_digests_the_same()
    {
        byte[] file = SampleRdb.File(keys: 50, valueBytes: 1_000);
        SnapshotResult stored = await RunAsync(_store, PipedSnapshotSource.Of(file));
        using var stream = new MemoryStream();
        SnapshotResult streamed = await SnapshotRun.RunAsync(
            PipedSnapshotSource.Of(file), stream, TimeProvider.System, SnapshotOptions.Default, null, default);
        Assert.Equal(file, stream.ToArray());
        Assert.Equal(stored.Content.ContentDigest, streamed.Content.ContentDigest);
        Assert.Null(streamed.DataTag);
    }

    [Fact]
    public async Task Run_tells_progress_up_to_the_end()
    {
        byte[] file = SampleRdb.File(keys: 100, valueBytes: 100_000);
        var told = new List<TransferProgress>();
        await Run(_store).RunAsync(PipedSnapshotSource.Of(file), Keys, new Listener(told), default);
        Assert.Equal(new TransferProgress(file.Length, file.Length, 100), told[^1]);
        Assert.InRange(told.Count, 5, 20);
        Assert.Equal(told.OrderBy(p => p.Bytes), told);
    }

    [Fact]
    public async Task Cut_at_any_byte_leaves_nothing_behind()
    {
        byte[] file = SampleRdb.File(keys: 6, valueBytes: 20);
        for (int length = 0; length < file.Length; length++)
        {
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync(file.AsMemory(0, length));
            await pipe.Writer.CompleteAsync(new TransferCutException("The transfer was cut."));
            var source = new PipedSnapshotSource(pipe.Reader);
            await Assert.ThrowsAsync<TransferCutException>(() => RunAsync(_store, source));
            Assert.True(source.IsClosed);
        }

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_end_at_any_byte_that_the_source_takes_for_one_leaves_nothing_behind()
    {
        byte[] file = SampleRdb.File(keys: 6, valueBytes: 20);
        for (int length = 0; length < file.Length; length++)
        {
            var damage = await Assert.ThrowsAsync<RdbFormatException>(() => RunAsync(_store, PipedSnapshotSource.Of(file[..length])));
            Assert.Equal(RdbError.UnexpectedEnd, damage.Code);
        }

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_wrong_checksum_leaves_nothing_behind()
    {
        byte[] file = SampleRdb.File(keys: 6, valueBytes: 200);
        file[file.Length / 2] ^= 1;
        var damage = await Assert.ThrowsAsync<RdbFormatException>(() => RunAsync(_store, PipedSnapshotSource.Of(file)));
        Assert.Equal(RdbError.ChecksumMismatch, damage.Code);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_file_without_checksum_is_kept_and_recorded_as_such()
    {
        byte[] file = SampleRdb.File(keys: 6, valueBytes: 200);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(^8), 0);
        SnapshotResult result = await RunAsync(_store, PipedSnapshotSource.Of(file));
        Assert.Equal(RdbCrcState.Zero, result.Content.Summary.CrcState);
        Assert.Equal(file, await StoredAsync(Keys.Data));
    }

    [Fact]
    public async Task A_store_that_fails_half_way_ends_the_run_with_its_own_error()
    {
        byte[] file = SampleRdb.File(keys: 300, valueBytes: 100_000);
        var faulty = new FaultyObjectStore(_store, [.. Enumerable.Range(3, 40).Select(call => new StoreFault(StoreOperation.UploadPart, call, StoreFaultKind.Unavailable))]);
        PipedSnapshotSource source = PipedSnapshotSource.Of(file);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(faulty, source));
        Assert.True(source.IsClosed);
        Assert.True(faulty.Calls(StoreOperation.UploadPart) > 3);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_store_that_hiccups_does_not_end_the_run()
    {
        byte[] file = SampleRdb.File(keys: 300, valueBytes: 100_000);
        var faulty = new FaultyObjectStore(
            _store,
            [
                new StoreFault(StoreOperation.UploadPart, 2, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.UploadPart, 4, StoreFaultKind.AcknowledgementLost),
                new StoreFault(StoreOperation.CompleteUpload, 2, StoreFaultKind.AcknowledgementLost),
            ]);
        await RunAsync(faulty, PipedSnapshotSource.Of(file));
        Assert.Equal(file, await StoredAsync(Keys.Data));
        Assert.Empty(await OpenUploadsAsync());
    }

    [Fact]
    public async Task A_full_store_ends_the_run()
    {
        byte[] file = SampleRdb.File(keys: 300, valueBytes: 100_000);
        var small = new MemoryObjectStore(TimeProvider.System, new MemoryStoreOptions { CapacityBytes = 20_000_000 });
        await Assert.ThrowsAsync<StoreFullException>(() => RunAsync(small, PipedSnapshotSource.Of(file)));
        Assert.Null(await small.HeadAsync(Keys.Data, default));
        Assert.Empty(await OpenUploadsAsync(small));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_completion_that_fails_leaves_neither_data_nor_index(int completion)
    {
        var faulty = new FaultyObjectStore(_store, [new StoreFault(StoreOperation.CompleteUpload, completion, StoreFaultKind.AccessDenied)]);
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => RunAsync(faulty, PipedSnapshotSource.Of(SampleRdb.File(6, 20))));
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_key_that_is_taken_stays_as_it_was()
    {
        await _store.PutAsync(Keys.Data, "someone else's"u8.ToArray(), WriteCondition.Absent, default);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => RunAsync(_store, PipedSnapshotSource.Of(SampleRdb.File(6, 20))));
        Assert.Equal("someone else's"u8.ToArray(), await StoredAsync(Keys.Data));
        Assert.Null(await _store.HeadAsync(Keys.Index, default));
        Assert.Empty(await OpenUploadsAsync());
    }

    [Fact]
    public async Task A_stalled_store_fails_the_run_before_the_source_is_left_unread_for_longer()
    {
        var time = new FakeTimeProvider();
        var gated = new GatedObjectStore(_store);
        byte[] file = SampleRdb.File(keys: 600, valueBytes: 100_000);
        PipedSnapshotSource source = PipedSnapshotSource.Of(file);
        Task<SnapshotResult> run = new SnapshotRun(gated, time, SnapshotOptions.Default, new Random(1)).RunAsync(source, Keys, null, default);

        // All buffers fill, and the run waits for the store.
        await WaitUntilAsync(() => gated.InFlight == SnapshotOptions.Default.Upload.Parallelism);
        time.Advance(SnapshotOptions.Default.StoreStallLimit - TimeSpan.FromMilliseconds(1));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.False(run.IsCompleted);
        await AdvanceUntilAsync(time, run, TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("10 s", failure.Message, StringComparison.Ordinal);
        Assert.True(source.IsClosed);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_store_that_is_slow_now_and_then_does_not_fail_the_run()
    {
        const int PartBytes = 8 * 1024 * 1024;
        var time = new FakeTimeProvider();
        var gated = new GatedObjectStore(_store);
        byte[] file = SampleRdb.File(keys: 600, valueBytes: 100_000);
        var told = new List<TransferProgress>();
        var options = new SnapshotOptions { Upload = new SegmentUploaderOptions { PartSizeBytes = PartBytes, Parallelism = 2 } };
        Task<SnapshotResult> run = new SnapshotRun(gated, time, options, new Random(1))
            .RunAsync(PipedSnapshotSource.Of(file), Keys, new Listener(told), default);
        for (int wait = 0; wait < 4; wait++)
        {
            // Only a wait that has ended lets it come this far: no wait sees the clock turned twice.
            long almostFull = ((3 + wait) * PartBytes) - (2 * 1024 * 1024);
            await WaitUntilAsync(() => Last(told).Bytes > almostFull);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            time.Advance(TimeSpan.FromSeconds(9));
            gated.OpenFor(1);
        }

        gated.OpenFor(100);
        await run;
        Assert.Equal(file, await StoredAsync(Keys.Data));
    }

    [Fact]
    public async Task A_source_that_stalls_ends_the_run_as_the_source_says()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(SampleRdb.File(6, 20).AsMemory(0, 50));
        Task<SnapshotResult> run = RunAsync(_store, new PipedSnapshotSource(pipe.Reader));
        Assert.False(run.IsCompleted);
        await pipe.Writer.CompleteAsync(new TransferStalledException("Nothing came for 60 s."));
        await Assert.ThrowsAsync<TransferStalledException>(() => run);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_cancelled_run_gives_its_upload_up()
    {
        using var cancel = new CancellationTokenSource();
        var pipe = new Pipe();
        Task<SnapshotResult> run = Run(_store).RunAsync(new PipedSnapshotSource(pipe.Reader), Keys, null, cancel.Token);
        await pipe.Writer.WriteAsync(SampleRdb.File(6, 20).AsMemory(0, 50));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_store_that_takes_no_upload_is_found_before_the_source_is_asked()
    {
        var faulty = new FaultyObjectStore(_store, StoreFault.Always(StoreOperation.BeginUpload, StoreFaultKind.AccessDenied));
        PipedSnapshotSource source = PipedSnapshotSource.Of(SampleRdb.File(6, 20));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => RunAsync(faulty, source));
        Assert.False(source.IsClosed);
    }

    private static SnapshotRun Run(IObjectStore store) => new(
        store, TimeProvider.System, SnapshotOptions.Default with { Upload = new SegmentUploaderOptions { RetryDelay = TimeSpan.FromMilliseconds(1) } }, new Random(1));

    private static Task<SnapshotResult> RunAsync(IObjectStore store, ISnapshotSource source) => Run(store).RunAsync(source, Keys, null, default);

    private static TransferProgress Last(List<TransferProgress> told)
    {
        lock (told)
        {
            return told.LastOrDefault();
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 3_000 && !condition(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.True(condition());
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task task, TimeSpan step)
    {
        for (int i = 0; i < 100 && !task.IsCompleted; i++)
        {
            time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private async Task<byte[]> StoredAsync(ObjectKey key)
    {
        await using ObjectContent content = await _store.GetAsync(key, null, default);
        return await StoreBytes.ReadAllAsync(content.Stream);
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.Null(await _store.HeadAsync(Keys.Data, default));
        Assert.Null(await _store.HeadAsync(Keys.Index, default));
        Assert.Empty(await OpenUploadsAsync());
    }

    private Task<List<OpenUpload>> OpenUploadsAsync() => OpenUploadsAsync(_store);

    private static async Task<List<OpenUpload>> OpenUploadsAsync(MemoryObjectStore store)
    {
        var open = new List<OpenUpload>();
        await foreach (OpenUpload upload in store.ListUploadsAsync(string.Empty, default))
        {
            open.Add(upload);
        }

        return open;
    }

    private sealed class Listener(List<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            lock (told)
            {
                told.Add(value);
            }
        }
    }
}
