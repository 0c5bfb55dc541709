using System.Globalization;
using System.Text;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

/// <summary>The test double itself: a fault that does not happen would make every test that plans it prove nothing.</summary>
public sealed class FaultyObjectStoreTests
{
    private static readonly ObjectKey Key = new("catalog/one.json");
    private readonly MemoryObjectStore _memory = new(TimeProvider.System);

    [Theory]
    [InlineData(StoreFaultKind.Unavailable, typeof(StoreUnavailableException), false)]
    [InlineData(StoreFaultKind.Timeout, typeof(StoreUnavailableException), false)]
    [InlineData(StoreFaultKind.AcknowledgementLost, typeof(StoreUnavailableException), true)]
    [InlineData(StoreFaultKind.AccessDenied, typeof(StoreAccessDeniedException), false)]
    [InlineData(StoreFaultKind.PreconditionFailed, typeof(PreconditionFailedException), false)]
    [InlineData(StoreFaultKind.Full, typeof(StoreFullException), false)]
    public async Task Fault_happens_at_its_call_alone_and_before_or_after_the_effect(StoreFaultKind kind, Type expected, bool hasHappened)
    {
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.Put, 2, kind)]);
        await store.PutTextAsync(Key, "first");

        Assert.IsType(expected, await Record.ExceptionAsync(() => store.PutTextAsync(Key, "second")));
        Assert.Equal(hasHappened ? "second" : "first", await _memory.ReadTextAsync(Key));

        await store.PutTextAsync(Key, "third");
        Assert.Equal("third", await store.ReadTextAsync(Key));
        Assert.Equal(3, store.Calls(StoreOperation.Put));
    }

    [Theory]
    [InlineData(StoreFaultKind.ResetMidBody)]
    [InlineData(StoreFaultKind.ShortRead)]
    public async Task Body_breaks_off_in_the_middle(StoreFaultKind kind)
    {
        await _memory.PutAsync(Key, new byte[1_000], WriteCondition.None, default);
        var store = new FaultyObjectStore(_memory, [new StoreFault(StoreOperation.Get, 1, kind)]);
        await using ObjectContent content = await store.GetAsync(Key, null, default);
        byte[] half = new byte[500];

        await content.Stream.ReadExactlyAsync(half, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await content.Stream.ReadExactlyAsync(half));

        Assert.Equal(1_000, (await store.ReadAsync(Key)).Bytes.Length);
    }

    [Fact]
    public async Task One_bit_is_flipped_on_the_way_out_or_in()
    {
        byte[] content = StoreBytes.Random(1_000, seed: 1);
        var store = new FaultyObjectStore(
            _memory,
            [new StoreFault(StoreOperation.Get, 1, StoreFaultKind.FlippedByte), new StoreFault(StoreOperation.Put, 2, StoreFaultKind.FlippedByte)]);
        await store.PutAsync(Key, content, WriteCondition.None, default);

        Assert.Equal([500], Differences(content, (await store.ReadAsync(Key)).Bytes));
        Assert.Empty(Differences(content, (await store.ReadAsync(Key)).Bytes));

        await store.PutAsync(Key, content, WriteCondition.None, default);
        Assert.Equal([500], Differences(content, (await store.ReadAsync(Key)).Bytes));
    }

    [Fact]
    public async Task Stalled_call_ends_with_its_token_only()
    {
        var store = new FaultyObjectStore(_memory, StoreFault.Always(StoreOperation.Put, StoreFaultKind.Stall));
        using var cancel = new CancellationTokenSource();
        Task stalled = store.PutAsync(Key, default, WriteCondition.None, cancel.Token);
        Assert.False(stalled.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        Assert.Null(await _memory.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Object_or_upload_is_said_to_be_missing()
    {
        await _memory.PutTextAsync(Key, "there");
        var store = new FaultyObjectStore(
            _memory,
            [
                new StoreFault(StoreOperation.Get, 1, StoreFaultKind.NotFound),
                new StoreFault(StoreOperation.Head, 1, StoreFaultKind.NotFound),
                new StoreFault(StoreOperation.UploadPart, 1, StoreFaultKind.NotFound),
            ]);

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetAsync(Key, null, default));
        Assert.Null(await store.HeadAsync(Key, default));
        await Assert.ThrowsAsync<UploadNotFoundException>(() => store.UploadPartAsync(Key, new UploadId("x"), 1, default, default));
        Assert.Equal("there", await store.ReadTextAsync(Key));
        Assert.NotNull(await store.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Lists_and_uploads_fail_as_planned()
    {
        UploadId upload = await _memory.BeginUploadAsync(Key, default);
        var store = new FaultyObjectStore(
            _memory,
            [
                new StoreFault(StoreOperation.List, 1, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.ListUploads, 1, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.AbortUpload, 1, StoreFaultKind.AcknowledgementLost),
                new StoreFault(StoreOperation.BeginUpload, 1, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.Delete, 1, StoreFaultKind.AccessDenied),
            ]);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ListAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.UploadsAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AbortUploadAsync(Key, upload, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.BeginUploadAsync(Key, default));
        await Assert.ThrowsAsync<StoreAccessDeniedException>(() => store.DeleteAsync(Key, default));
        Assert.Empty(await store.UploadsAsync());
        Assert.Empty(await store.ListAsync());
    }

    [Fact]
    public async Task Effects_are_told_after_they_happened_and_before_the_caller_hears()
    {
        var effects = new List<string>();
        var store = new ObservedObjectStore(_memory, effect => effects.Add($"{effect}"));

        await store.PutTextAsync(Key, "first", WriteCondition.Absent);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.PutTextAsync(Key, "second", WriteCondition.Absent));
        await store.ReadTextAsync(Key);
        UploadId upload = await store.BeginUploadAsync(Key, default);
        UploadedPart part = await store.UploadPartAsync(Key, upload, 1, new byte[1], default);
        await store.CompleteUploadAsync(Key, upload, [part], WriteCondition.None, default);
        await store.PutTextAsync(Key, "third");
        await store.DeleteAsync(Key, default);
        await store.AbortUploadAsync(Key, upload, default);

        Assert.Equal(
            ["Put 1", "BeginUpload 1", "UploadPart 1", "CompleteUpload 1", "Put 2", "Delete 1", "AbortUpload 1"],
            effects.Select(effect => effect.Replace(" catalog/one.json", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_the_observer_throws_comes_after_the_effect()
    {
        var store = new ObservedObjectStore(_memory, _ => throw new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => store.PutTextAsync(Key, "written"));

        Assert.Equal("written", await _memory.ReadTextAsync(Key));
    }

    [Fact]
    public async Task Of_64_racing_workers_none_loses_an_update_although_acknowledgements_are_lost()
    {
        const int Workers = 64;
        const int Updates = 1_000;
        var random = new Random(5);
        StoreFault[] lost =
        [
            .. Enumerable.Range(1, 10_000).Where(_ => random.Next(10) == 0)
                .Select(call => new StoreFault(StoreOperation.Put, call, StoreFaultKind.AcknowledgementLost)),
        ];
        var store = new FaultyObjectStore(_memory, lost);
        // One number for each worker, that only it counts up: by its own number it finds out what became of an uncertain write.
        await _memory.PutTextAsync(Key, string.Join(' ', new int[Workers]));
        int[] counted = await Task.WhenAll(Enumerable.Range(0, Workers).Select(CountUpAsync));

        int[] written = Numbers(await _memory.ReadAsync(Key));
        Assert.Equal(Updates, written.Sum());
        Assert.Equal(counted, written);
        Assert.True(counted.Count(own => own > 0) > Workers / 2);

        async Task<int> CountUpAsync(int worker)
        {
            int own = 0;
            while (true)
            {
                await Task.Yield();
                StoredBytes read = await store.ReadAsync(Key);
                int[] numbers = Numbers(read);
                Assert.InRange(numbers[worker], own, own + 1);
                own = numbers[worker];
                if (numbers.Sum() >= Updates)
                {
                    return own;
                }

                numbers[worker]++;
                try
                {
                    await store.PutTextAsync(Key, string.Join(' ', numbers), WriteCondition.Matches(read.Tag));
                    own++;
                }
                catch (Exception refusedOrUncertain) when (refusedOrUncertain is PreconditionFailedException or StoreUnavailableException)
                {
                    // Read again.
                }
            }
        }

        static int[] Numbers(StoredBytes read) =>
            [.. Encoding.ASCII.GetString(read.Bytes).Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
    }

    private static IEnumerable<int> Differences(byte[] one, byte[] other) =>
        Enumerable.Range(0, one.Length).Where(i => one[i] != other[i]);
}
