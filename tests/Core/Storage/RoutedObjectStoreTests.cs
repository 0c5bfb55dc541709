using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class RoutedObjectStoreTests : ObjectStoreContract
{
    private readonly MemoryObjectStore _data = new(TimeProvider.System);
    private readonly MemoryObjectStore _others = new(TimeProvider.System);

    private RoutedObjectStore Routed => new("data/", _data, _others);

    // "a/" cuts the contract's keys into three: those before it, those below it, those behind it.
    protected override ValueTask<IObjectStore> OpenAsync() => new(new RoutedObjectStore("a/", _data, _others));

    [Fact]
    public async Task Keys_below_the_root_are_in_the_one_store_and_all_others_in_the_other()
    {
        string[] keys = ["catalog/backups/a.json", "data", "data!/x", "data/a", "data/a/shard-0001.rdb", "data0", "events/x"];
        foreach (string key in keys)
        {
            await Routed.PutTextAsync(new ObjectKey(key), key);
        }

        Assert.Equal(["data/a", "data/a/shard-0001.rdb"], (await _data.ListAsync()).Select(s => s.Key.Value));
        Assert.Equal(keys.Where(k => !k.StartsWith("data/", StringComparison.Ordinal)), (await _others.ListAsync()).Select(s => s.Key.Value));
        Assert.Equal(keys, (await Routed.ListAsync()).Select(s => s.Key.Value));
        Assert.Equal(keys[1..6], (await Routed.ListAsync("data")).Select(s => s.Key.Value));
        Assert.Equal(keys[4..], (await Routed.ListAsync("", "data/a")).Select(s => s.Key.Value));
    }

    [Fact]
    public async Task Data_is_listed_where_nothing_else_is() =>
        Assert.Equal("data/only", Assert.Single(await ListedAfterAsync(() => Routed.PutTextAsync(new ObjectKey("data/only"), "x"))));

    [Fact]
    public async Task What_lies_in_the_wrong_store_is_not_seen()
    {
        await _others.PutTextAsync(new ObjectKey("data/stray"), "x");
        await _data.PutTextAsync(new ObjectKey("catalog/stray"), "x");
        await _others.BeginUploadAsync(new ObjectKey("data/stray"), default);
        await _data.BeginUploadAsync(new ObjectKey("catalog/stray"), default);

        Assert.Empty(await Routed.ListAsync());
        Assert.Empty(await Routed.ListAsync("data/"));
        Assert.Empty(await Routed.UploadsAsync());
        Assert.Null(await Routed.HeadAsync(new ObjectKey("data/stray"), default));
    }

    [Fact]
    public async Task Uploads_of_both_stores_are_listed()
    {
        await Routed.BeginUploadAsync(new ObjectKey("data/a"), default);
        await Routed.BeginUploadAsync(new ObjectKey("exports/b"), default);

        Assert.Equal(["data/a", "exports/b"], (await Routed.UploadsAsync()).Select(u => u.Key.Value).Order(StringComparer.Ordinal));
        Assert.Equal("data/a", Assert.Single(await Routed.UploadsAsync("data/")).Key.Value);
        Assert.Equal("exports/b", Assert.Single(await Routed.UploadsAsync("exports/")).Key.Value);
    }

    [Fact]
    public async Task Stores_behind_it_copy_by_themselves_into_it_and_out_of_it()
    {
        MemoryObjectStore plain = new(TimeProvider.System);
        ObjectKey inside = new("data/a");
        ObjectKey outside = new("exports/a");
        await Routed.PutTextAsync(inside, "bytes");

        Assert.Equal(CopyProof.ReadBack, await CopyAsync(Routed, inside, plain, outside));
        Assert.Equal(CopyProof.ReadBack, await CopyAsync(plain, outside, Routed, new ObjectKey("data/b")));
        Assert.Equal(CopyProof.ReadBack, await CopyAsync(Routed, inside, Routed, new ObjectKey("catalog/c")));
        Assert.Equal("bytes", await _data.ReadTextAsync(new ObjectKey("data/b")));
        Assert.Equal("bytes", await _others.ReadTextAsync(new ObjectKey("catalog/c")));
    }

    [Fact]
    public void Store_that_holds_a_key_is_found_behind_it()
    {
        Assert.Same(_data, RoutedObjectStore.Holding(Routed, new ObjectKey("data/a")));
        Assert.Same(_others, RoutedObjectStore.Holding(Routed, new ObjectKey("database")));
        Assert.Same(_data, RoutedObjectStore.Holding(_data, new ObjectKey("database")));
    }

    private static Task<CopyProof> CopyAsync(IObjectStore from, ObjectKey source, IObjectStore to, ObjectKey target) =>
        new ObjectCopy(from, to, TimeProvider.System).RunAsync(source, 5, sha256: null, target, progress: null, default);

    private async Task<IEnumerable<string>> ListedAfterAsync(Func<Task> act)
    {
        await act();
        return (await Routed.ListAsync()).Select(s => s.Key.Value);
    }
}
