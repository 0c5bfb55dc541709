using System.Globalization;
using System.Text;
using CacheBackup.Caches.Memcached;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>Lists of keys, on the disk and in the store.</summary>
public sealed class KeyListTests
{
    private const int Keys = 30_000;
    private const int BlockBytes = 8 * 1024;
    private const int LongestEntryBytes = 17 + 4 + 6 + 1 + 6;

    private static readonly ObjectKey Place = new("data/0123/slices/1.keys");

    [Fact]
    public async Task Keys_come_as_they_were_added_and_files_whose_keys_were_taken_are_given_up()
    {
        using var list = new KeyList(Path.GetTempPath(), fileBytes: 64 * 1024);
        await AddAsync(list);
        int files = list.Files;
        Assert.True(files > 5, $"{files} files: the test tests nothing");
        List<string> taken = await TakeAsync(list, most: Keys / 2);
        Assert.InRange(list.Files, 1, (files / 2) + 2);
        taken.AddRange(await TakeAsync(list, most: int.MaxValue));
        Assert.Equal(Enumerable.Range(0, Keys).Select(Name), taken);
        Assert.Equal((Keys, 1), (list.Count, list.Files));
    }

    [Fact]
    public async Task Who_takes_keys_waits_for_those_that_are_still_to_come()
    {
        using var list = new KeyList(Path.GetTempPath());
        Task<List<string>> taking = TakeAsync(list, most: int.MaxValue);
        await AddAsync(list);
        Assert.Equal(Keys, (await taking).Count);
    }

    [Fact]
    public async Task Who_adds_keys_waits_where_the_disk_has_room_for_no_more()
    {
        const int FileBytes = 64 * 1024;
        using var list = new KeyList(Path.GetTempPath(), mostBytes: 3 * FileBytes, FileBytes);
        Task adding = AddAsync(list);
        List<string> taken = [];
        while (taken.Count < Keys)
        {
            await Task.WhenAny(adding, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
            Assert.True(taken.Count > 0 || !adding.IsCompleted, "nobody waited: the test tests nothing");
            Assert.InRange(list.Files, 1, 4);
            taken.AddRange(await TakeAsync(list, most: Keys / 4));
        }

        await adding;
        Assert.Equal(Enumerable.Range(0, Keys).Select(Name), taken);
    }

    [Fact]
    public async Task A_list_in_the_store_is_read_by_range_from_any_place_and_never_held_whole()
    {
        var store = new CountingObjectStore(new MemoryObjectStore(TimeProvider.System));
        (KeyListStore lists, KeyListPosition whole) = await StoreAsync(store);
        Assert.True(whole.LengthBytes > 80 * BlockBytes, $"{whole.LengthBytes} bytes: the test tests nothing");
        KeyListPosition? position = whole;
        List<string> taken = [];
        for (int most = 1; taken.Count < Keys; most += 97)
        {
            store.Reset();
            await using var keys = new StoredKeys(lists, position, BlockBytes, default);
            List<string> some = await TakeAsync(keys, most);
            taken.AddRange(some);
            position = keys.Position;

            // What was taken, the rest of its last block, and the block after it.
            Assert.InRange(store["GET"], 0, (some.Count * LongestEntryBytes / BlockBytes) + 3);
        }

        Assert.Equal(Enumerable.Range(0, Keys).Select(Name), taken);
        Assert.Equal((whole.LengthBytes, whole.Crc64), (position.OffsetBytes, position.ReadCrc64));
        await using var none = new StoredKeys(lists, position, BlockBytes, default);
        Assert.Empty(await TakeAsync(none, most: 1));
    }

    [Fact]
    public async Task What_keys_were_left_on_the_disk_goes_to_the_store()
    {
        using var list = new KeyList(Path.GetTempPath(), fileBytes: 64 * 1024);
        await AddAsync(list);
        Assert.Equal(12_345, (await TakeAsync(list, most: 12_345)).Count);
        var lists = new KeyListStore(new MemoryObjectStore(TimeProvider.System), Place, TimeProvider.System, new Random(1));
        KeyListPosition rest = await lists.WriteAsync(list.TakeBytesAsync, default);
        await using var keys = new StoredKeys(lists, rest, BlockBytes, default);
        Assert.Equal(Enumerable.Range(12_345, Keys - 12_345).Select(Name), await TakeAsync(keys, most: int.MaxValue));
    }

    [Fact]
    public async Task A_list_that_is_empty_ends_at_once()
    {
        using var list = new KeyList(Path.GetTempPath());
        list.Seal();
        Assert.Empty(await TakeAsync(list, most: 1));
        var lists = new KeyListStore(new MemoryObjectStore(TimeProvider.System), Place, TimeProvider.System, new Random(1));
        await using var keys = new StoredKeys(lists, await lists.WriteAsync(list.TakeBytesAsync, default), BlockBytes, default);
        Assert.Empty(await TakeAsync(keys, most: 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public async Task A_length_that_no_key_has_is_damage(byte length)
    {
        var store = new MemoryObjectStore(TimeProvider.System);
        (KeyListStore lists, KeyListPosition whole) = await StoreAsync(store);
        byte[] bytes = (await store.ReadAsync(Place)).Bytes;
        bytes[0] = length;
        await store.PutAsync(Place, bytes, WriteCondition.None, default);
        await using var keys = new StoredKeys(lists, whole, BlockBytes, default);
        await Assert.ThrowsAsync<Core.Restores.BackupDamagedException>(() => TakeAsync(keys, most: 1));
    }

    private static async Task<(KeyListStore Lists, KeyListPosition Whole)> StoreAsync(IObjectStore store)
    {
        using var list = new KeyList(Path.GetTempPath());
        await AddAsync(list);
        var lists = new KeyListStore(store, Place, TimeProvider.System, new Random(1));
        return (lists, await lists.WriteAsync(list.TakeBytesAsync, default));
    }

    private static Task AddAsync(KeyList list) => Task.Run(async () =>
    {
        for (int i = 0; i < Keys; i++)
        {
            list.Add(Encoding.ASCII.GetBytes(Name(i)), new MetadumpLine(0, i, 60));
            await list.WaitForRoomAsync(default);
        }

        list.Seal();
    });

    private static async Task<List<string>> TakeAsync(IKeyFeed keys, int most)
    {
        List<string> taken = [];
        var batch = new KeyBatch(MemcachedOptions.Default);
        while (taken.Count < most)
        {
            batch.Clear(most - taken.Count);
            if (!await keys.TakeAsync(batch, default))
            {
                break;
            }

            foreach (KeyBatch.Entry entry in batch.Entries)
            {
                Assert.Equal(taken.Count, entry.ExpireAtSeconds - FirstOf(taken, entry.ExpireAtSeconds));
                taken.Add(Encoding.ASCII.GetString(batch.NameOf(entry)));
            }
        }

        return taken;
    }

    /// <summary>The number of the first key that was taken here.</summary>
    private static long FirstOf(List<string> taken, long expiry) =>
        taken.Count == 0 ? expiry : long.Parse(taken[0].AsSpan(4, 6), CultureInfo.InvariantCulture);

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"key:{number:D6}:{new string('x', number % 7)}");
}
