using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>The calls, one after the other, that take one shard in slices.</summary>
internal sealed class SlicedRun(Func<ISlicedSource> source, IObjectStore store, CacheEngine engine = CacheEngine.Redis)
{
    private const int EndlessLoop = 500;

    private int _attempts;

    public ObjectKey Checkpoint { get; } = new("data/0123/slices/shard-0001.json");

    /// <summary>Calls that came to their end, without the last.</summary>
    public int Slices { get; private set; }

    public SlicedResult? Result { get; private set; }

    /// <summary>What the following calls take the keys of.</summary>
    public string? Subject { get; set; }

    /// <summary>Takes one slice.</summary>
    /// <param name="through">The store as this call sees it; null: as it is.</param>
    /// <returns>True: it was the last.</returns>
    public async Task<bool> TakeAsync(SliceLimit limit, IObjectStore? through = null, CancellationToken cancellationToken = default)
    {
        Result = await AttemptAsync(limit, through, cancellationToken);
        Slices += Result is null ? 1 : 0;
        return Result is not null;
    }

    /// <summary>A call that is not waited for, or does not come to its end.</summary>
    public Task<SlicedResult?> AttemptAsync(SliceLimit limit, IObjectStore? through, CancellationToken cancellationToken = default)
    {
        int attempt = Interlocked.Increment(ref _attempts);
        SnapshotOptions options = SnapshotOptions.Of(engine) with { Upload = new SegmentUploaderOptions { PartSizeBytes = 5 * 1024 * 1024 } };
        return new SlicedSnapshot(through ?? store, PlacesOf(string.Create(CultureInfo.InvariantCulture, $"{attempt}")), TimeProvider.System, options, new Random(attempt)) { Subject = Subject }
            .RunAsync(source(), DataOf(attempt), limit, null, cancellationToken);
    }

    /// <summary>Takes all slices, with a call that dies and a call that lives on beside each.</summary>
    /// <param name="firstDies">Where the call before the first slice dies; null: where any of them may.</param>
    /// <param name="longSlices">How many slices have bytes enough for a part; the others' calls die before the checkpoint.</param>
    /// <returns>Parts of the file that the calls which lived on have sent.</returns>
    public async Task<int> RunAmongCrashesAndZombiesAsync(SliceLimit limit, (StoreOperation Operation, string End)? firstDies = null, int longSlices = 9)
    {
        int crashes = 0;
        int zombieParts = 0;
        for (bool isDone = false; !isDone;)
        {
            await CrashAsync(limit, crashes < longSlices ? crashes : 1, crashes == 0 ? firstDies : null);
            crashes++;
            var zombie = new ZombieStore(store, Checkpoint);
            bool isFirst = Slices == 0;
            Task<SlicedResult?> undead = AttemptAsync(limit, zombie);
            Assert.Same(zombie.Held, await Task.WhenAny(zombie.Held, undead));
            isDone = await TakeAsync(limit);
            zombie.Let();
            if (isFirst)
            {
                Assert.Null(await undead);
            }
            else
            {
                await Assert.ThrowsAsync<NoLongerOwnerException>(() => undead);
            }

            zombieParts += zombie.Parts;
        }

        return zombieParts;
    }

    /// <summary>What was taken so far is found to be of no use.</summary>
    public Task SpoilAsync() => new SlicedSnapshot(
        store, PlacesOf("none"), TimeProvider.System, SnapshotOptions.Default).SpoilAsync(default);

    private SliceKeys PlacesOf(string attempt) =>
        new(Checkpoint, new ObjectKey($"data/0123/slices/{attempt}.slice"), new ObjectKey($"data/0123/slices/{attempt}.keys"));

    /// <summary>The data key of an attempt, which counts if it is the one that began.</summary>
    public static SnapshotKeys DataOf(int attempt) => new(
        new ObjectKey(string.Create(CultureInfo.InvariantCulture, $"data/0123/shard-{attempt}.rdb")),
        new ObjectKey(string.Create(CultureInfo.InvariantCulture, $"data/0123/shard-{attempt}.index")));

    public async Task<byte[]> RunToEndAsync(SliceLimit limit)
    {
        for (int i = 0; !await TakeAsync(limit); i++)
        {
            Assert.True(i < EndlessLoop, "The slices come to no end.");
        }

        return await StoredAsync();
    }

    /// <summary>A call that dies, each at another place: in the middle of the parts, before the checkpoint, after it.</summary>
    private async Task CrashAsync(SliceLimit limit, int number, (StoreOperation Operation, string End)? place)
    {
        (StoreOperation Operation, string End, int Times) dies = (number % 3) switch
        {
            _ when place is { } told => (told.Operation, told.End, 1),
            0 => (StoreOperation.UploadPart, ".rdb", 1),
            1 => (StoreOperation.CompleteUpload, ".slice", 1),
            _ => (StoreOperation.Put, Checkpoint.Value, 2),
        };
        int seen = 0;
        var dying = new ObservedObjectStore(store, effect =>
        {
            if (effect.Operation == dies.Operation && effect.Key.Value.EndsWith(dies.End, StringComparison.Ordinal) && ++seen == dies.Times)
            {
                throw new InvalidOperationException("Planned: the process dies.");
            }
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => AttemptAsync(limit, dying));
    }

    /// <summary>The file, held against everything that is recorded of it.</summary>
    public async Task<byte[]> StoredAsync()
    {
        byte[] file = (await store.ReadAsync(Result!.Keys.Data)).Bytes;
        IndexedContent content = Result.Result.Content;
        Assert.Equal(file.Length, content.SizeBytes);
        SegmentIndex index = SegmentIndex.Read((await store.ReadAsync(Result.Keys.Index)).Bytes);
        Assert.Equal(content.ContentDigest, index.ContentDigest);
        VerifyReport report = await new VerifyRun(store, TimeProvider.System).RunAsync(
            Result.Keys.Data, index, RecordedContent.Of(content), null, default);
        Assert.Empty(report.Findings);
        using var whole = new SegmentIndexer(SnapshotOptions.Of(engine).Segments);
        whole.Append(file);
        IndexedContent anew = whole.Complete();
        Assert.Equal(
            (engine == CacheEngine.Memcached ? RdbCrcState.Absent : RdbCrcState.Verified, anew.Crc64), (content.Summary.CrcState, content.Crc64));
        Assert.Equal((anew.Summary.Keys, anew.Summary.KeysWithExpiry, anew.Summary.Functions), (content.Summary.Keys, content.Summary.KeysWithExpiry, content.Summary.Functions));
        Assert.Equal(anew.Summary.Types, content.Summary.Types);
        Assert.Equal(anew.Summary.LargestItemBytes, content.Summary.LargestItemBytes);
        Assert.Equal(anew.Summary.Databases, content.Summary.Databases);
        Assert.Equal(anew.Summary.Auxiliary, content.Summary.Auxiliary);
        return file;
    }
}
