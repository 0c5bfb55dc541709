using System.Text;
using CacheBackup.Core.Storage;
using Xunit;

namespace CacheBackup.Fixtures.Storage;

/// <summary>What every object store promises about single objects, conditions and lists: one suite, run on each of them.</summary>
public abstract class ObjectStoreContract
{
    private static readonly ObjectKey Key = new("catalog/backups/one.json");

    /// <summary>A new empty store.</summary>
    protected abstract ValueTask<IObjectStore> OpenAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(StoreLimits.MaxPutBytes)]
    public async Task Put_then_get_returns_the_same_bytes(int length)
    {
        IObjectStore store = await OpenAsync();
        byte[] content = StoreBytes.Random(length, seed: length);

        ObjectTag tag = await store.PutAsync(Key, content, WriteCondition.None, TestContext.Current.CancellationToken);

        StoredBytes read = await store.ReadAsync(Key);
        Assert.Equal(content, read.Bytes);
        Assert.Equal(tag, read.Tag);
        Assert.Equal(length, read.ObjectLengthBytes);
    }

    [Fact]
    public async Task Put_refuses_what_must_be_sent_in_parts()
    {
        IObjectStore store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => store.PutAsync(Key, new byte[StoreLimits.MaxPutBytes + 1], WriteCondition.None, default));

        Assert.Null(await store.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Missing_object_is_not_found_and_deleting_it_is_no_error()
    {
        IObjectStore store = await OpenAsync();

        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetAsync(Key, null, default));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => store.GetAsync(Key, new ByteRange(0, 1), default));
        Assert.Null(await store.HeadAsync(Key, default));
        await store.DeleteAsync(Key, default);
    }

    [Fact]
    public async Task Object_is_removed_on_condition_only_as_it_was_read()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag first = await store.PutTextAsync(Key, "first");
        ObjectTag second = await store.PutTextAsync(Key, "second");

        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.DeleteAsync(Key, WriteCondition.Matches(first), default));
        Assert.Equal("second"u8.ToArray(), (await store.ReadAsync(Key)).Bytes);

        await store.DeleteAsync(Key, WriteCondition.Matches(second), default);
        Assert.Null(await store.HeadAsync(Key, default));
        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.DeleteAsync(Key, WriteCondition.Matches(second), default));
    }

    [Fact]
    public async Task Removal_on_condition_names_a_content()
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, "kept");

        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(Key, WriteCondition.None, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(Key, WriteCondition.Absent, default));

        Assert.NotNull(await store.HeadAsync(Key, default));
    }

    [Fact]
    public async Task Head_and_list_tell_what_put_returned()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag tag = await store.PutTextAsync(Key, "first");

        ObjectSummary? head = await store.HeadAsync(Key, default);
        ObjectSummary listed = Assert.Single(await store.ListAsync());

        Assert.Equal((Key, 5, tag), (head!.Key, head.LengthBytes, head.Tag));
        Assert.Equal((Key, 5, tag), (listed.Key, listed.LengthBytes, listed.Tag));
        Assert.InRange(head.WrittenAt, DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(200));
    }

    [Fact]
    public async Task Put_without_condition_replaces_and_changes_the_tag()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag first = await store.PutTextAsync(Key, "first");

        ObjectTag second = await store.PutTextAsync(Key, "other");

        Assert.NotEqual(first, second);
        Assert.Equal("other", await store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task Create_succeeds_once()
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, "first", WriteCondition.Absent);

        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.PutTextAsync(Key, "second", WriteCondition.Absent));

        Assert.Equal("first", await store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task Deleted_object_can_be_created_again()
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, "first", WriteCondition.Absent);

        await store.DeleteAsync(Key, default);

        Assert.Null(await store.HeadAsync(Key, default));
        Assert.Empty(await store.ListAsync());
        await store.PutTextAsync(Key, "second", WriteCondition.Absent);
        Assert.Equal("second", await store.ReadTextAsync(Key));
    }

    [Fact]
    public async Task Change_succeeds_only_from_the_content_that_was_read()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag first = await store.PutTextAsync(Key, "first");
        ObjectTag second = await store.PutTextAsync(Key, "second", WriteCondition.Matches(first));

        await Assert.ThrowsAsync<PreconditionFailedException>(
            () => store.PutTextAsync(Key, "lost update", WriteCondition.Matches(first)));

        StoredBytes read = await store.ReadAsync(Key);
        Assert.Equal(("second", second), (Encoding.UTF8.GetString(read.Bytes), read.Tag));
    }

    [Fact]
    public async Task Change_of_a_missing_object_is_refused()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag tag = await store.PutTextAsync(Key, "first");
        await store.DeleteAsync(Key, default);

        await Assert.ThrowsAsync<PreconditionFailedException>(() => store.PutTextAsync(Key, "second", WriteCondition.Matches(tag)));

        Assert.Null(await store.HeadAsync(Key, default));
    }

    [Theory]
    [InlineData(0, 4, "0123")]
    [InlineData(3, 4, "3456")]
    [InlineData(9, 1, "9")]
    [InlineData(7, 100, "789")]
    [InlineData(0, long.MaxValue, "0123456789")]
    [InlineData(9, long.MaxValue, "9")]
    public async Task Range_is_cut_at_the_end_of_the_object(long offset, long length, string expected)
    {
        IObjectStore store = await OpenAsync();
        ObjectTag tag = await store.PutTextAsync(Key, "0123456789");

        StoredBytes read = await store.ReadAsync(Key, new ByteRange(offset, length));

        Assert.Equal(expected, Encoding.UTF8.GetString(read.Bytes));
        Assert.Equal((10, tag), (read.ObjectLengthBytes, read.Tag));
    }

    [Theory]
    [InlineData("0123456789", 10, 1)]
    [InlineData("0123456789", 11, 5)]
    [InlineData("", 0, 1)]
    [InlineData("0123456789", -1, 1)]
    [InlineData("0123456789", 0, 0)]
    public async Task Range_outside_the_object_is_refused(string content, long offset, long length)
    {
        IObjectStore store = await OpenAsync();
        await store.PutTextAsync(Key, content);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.GetAsync(Key, new ByteRange(offset, length), default));
    }

    [Fact]
    public async Task Reader_keeps_the_object_that_it_opened()
    {
        IObjectStore store = await OpenAsync();
        byte[] first = StoreBytes.Random(3_000_000, seed: 1);
        await store.PutAsync(Key, first, WriteCondition.None, default);

        await using ObjectContent open = await store.GetAsync(Key, null, default);
        await store.PutAsync(Key, StoreBytes.Random(3_000_000, seed: 2), WriteCondition.None, default);
        await store.DeleteAsync(Key, default);

        Assert.Equal(first, await StoreBytes.ReadAllAsync(open.Stream));
    }

    [Fact]
    public async Task Object_and_objects_below_its_name_live_side_by_side()
    {
        IObjectStore store = await OpenAsync();
        string longest = string.Join('/', Enumerable.Repeat(new string('x', 250), 4)) + "/" + new string('y', 20);
        Assert.Equal(1024, longest.Length);
        string[] keys = ["a", "a/b", "a/b/c", "a.d/b", ".hidden", "~".Replace('~', '-'), "A", "!-_.*'()=,+@:", longest];
        foreach (string key in keys)
        {
            await store.PutTextAsync(new ObjectKey(key), "content of " + key, WriteCondition.Absent);
        }

        foreach (string key in keys)
        {
            Assert.Equal("content of " + key, await store.ReadTextAsync(new ObjectKey(key)));
        }

        await store.DeleteAsync(new ObjectKey("a/b"), default);
        Assert.Equal("content of a/b/c", await store.ReadTextAsync(new ObjectKey("a/b/c")));
        Assert.Equal("content of a", await store.ReadTextAsync(new ObjectKey("a")));
    }

    [Fact]
    public async Task List_is_in_ordinal_order_whatever_prefix_and_start_are_asked_for()
    {
        IObjectStore store = await OpenAsync();
        string[] keys =
        [
            "B", "a", "a!x", "a'", "a-b", "a-b/c", "a.b", "a/!", "a/b", "a/b!", "a/b-c/d", "a/b.json", "a/b/c", "a/b/c/d", "a/b0", "a/c",
            "a0", "a:b", "aB", "ab/c", "b/c", "b/c/d/e/f", "z",
        ];
        foreach (string key in keys.Reverse())
        {
            await store.PutTextAsync(new ObjectKey(key), "");
        }

        foreach (string prefix in new[] { "", "a", "a/", "a/b", "a/b/", "b/c/d", "/", "a//", "../", "~store/" })
        {
            foreach (string? startAfter in new[] { null, "", "a", "a-zz", "a/", "a/b", "a/b-c", "a/b/c", "a0", "zz" })
            {
                string[] expected =
                [
                    .. keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)
                        && (startAfter is null || string.CompareOrdinal(key, startAfter) > 0)),
                ];

                List<ObjectSummary> listed = await store.ListAsync(prefix, startAfter);

                Assert.Equal(expected, listed.Select(summary => summary.Key.Value));
            }
        }
    }

    [Fact]
    public async Task List_goes_on_beyond_one_page()
    {
        IObjectStore store = await OpenAsync();
        ObjectKey[] keys = [.. Enumerable.Range(0, 1_050).Select(i => new ObjectKey($"by-cache/{i / 300}/{i:0000}"))];
        await Parallel.ForEachAsync(
            keys,
            TestContext.Current.CancellationToken,
            async (key, token) => await store.PutAsync(key, default, WriteCondition.Absent, token));

        List<ObjectSummary> listed = await store.ListAsync("by-cache/");

        Assert.Equal(keys, listed.Select(summary => summary.Key));
        Assert.Equal(keys[1_049..], (await store.ListAsync("by-cache/", keys[1_048].Value)).Select(summary => summary.Key));
    }

    [Fact]
    public async Task Of_16_racing_creates_one_wins()
    {
        IObjectStore store = await OpenAsync();
        for (int round = 0; round < 4; round++)
        {
            var key = new ObjectKey($"race/{round}");

            int[] winners = await StoreRace.RunAsync(16, i => store.PutTextAsync(key, $"by {i}", WriteCondition.Absent));

            Assert.Equal($"by {Assert.Single(winners)}", await store.ReadTextAsync(key));
        }
    }

    [Fact]
    public async Task Of_16_racing_changes_one_wins()
    {
        IObjectStore store = await OpenAsync();
        ObjectTag tag = await store.PutTextAsync(Key, "begin");
        for (int round = 0; round < 4; round++)
        {
            ObjectTag before = tag;

            int[] winners = await StoreRace.RunAsync(16, i => store.PutTextAsync(Key, $"{round} by {i}", WriteCondition.Matches(before)));

            StoredBytes read = await store.ReadAsync(Key);
            Assert.Equal($"{round} by {Assert.Single(winners)}", Encoding.UTF8.GetString(read.Bytes));
            tag = read.Tag;
        }
    }

    [Fact]
    public async Task Cancelled_call_does_nothing()
    {
        IObjectStore store = await OpenAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(Key, default, WriteCondition.None, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync(Key, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.BeginUploadAsync(Key, cancelled));

        Assert.Null(await store.HeadAsync(Key, default));
        Assert.Empty(await store.UploadsAsync());
    }
}
