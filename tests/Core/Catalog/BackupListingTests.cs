using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Catalog;

public sealed class BackupListingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryService _service;
    private CountingObjectStore _requests = null!;

    public BackupListingTests() => _service = new MemoryService(_time, inner => _requests = new CountingObjectStore(inner));

    [Fact]
    public async Task Backups_come_newest_first_and_pages_tile_them()
    {
        await AddAsync(250, i => Record(i));
        List<string> names = await WalkAsync(new BackupFilter(), 100);
        Assert.Equal(Enumerable.Range(0, 250).Reverse().Select(NameOf), names);
        Assert.Equal(names, await WalkAsync(new BackupFilter(), 7));
        Assert.Equal(names, await WalkAsync(new BackupFilter(), 250 / 5));
    }

    [Fact]
    public async Task Filters_are_combined()
    {
        await AddAsync(300, i => Record(i) with
        {
            Cache = CacheName.Parse(i % 2 == 0 ? "even" : "odd"),
            Kind = i % 3 == 0 ? BackupKind.Automatic : BackupKind.Manual,
            Tags = i % 5 == 0 ? [new Tag("team", "one")] : [new Tag("team", "two")],
        });
        BackupFilter filter = new() { Cache = CacheName.Parse("odd"), Kind = BackupKind.Automatic, TagKey = "team", TagValue = "one" };
        Assert.Equal(Enumerable.Range(0, 300).Reverse().Where(i => i % 2 == 1 && i % 3 == 0 && i % 5 == 0).Select(NameOf), await WalkAsync(filter, 100));
    }

    [Fact]
    public async Task A_tag_is_found_by_its_key_alone_and_by_key_and_value()
    {
        await AddAsync(10, i => Record(i) with { Tags = [new Tag("n", $"{i % 2}"), new Tag("a=b / ü", "")] });
        Assert.Equal(10, (await WalkAsync(new BackupFilter { TagKey = "n" }, 3)).Distinct().Count());
        Assert.Equal(["b000008", "b000006", "b000004", "b000002", "b000000"], await WalkAsync(new BackupFilter { TagKey = "n", TagValue = "0" }, 100));
        Assert.Equal(10, (await WalkAsync(new BackupFilter { TagKey = "a=b / ü", TagValue = "" }, 100)).Count);
        Assert.Empty(await WalkAsync(new BackupFilter { TagKey = "N" }, 100));
    }

    [Fact]
    public async Task A_status_is_followed_through_its_changes()
    {
        await AddAsync(2, i => Record(i) with { Status = BackupStatus.Creating });
        BackupName name = BackupName.Parse(NameOf(0));
        await _service.Parts.Catalog.Backups.ChangeAsync(name, b => b.To(BackupStatus.Available, _time.GetUtcNow()), default);
        Assert.Equal([NameOf(1)], await WalkAsync(new BackupFilter { Status = "creating" }, 10));
        Assert.Equal([NameOf(0)], await WalkAsync(new BackupFilter { Status = "available" }, 10));
        BackupUse use = new(UseKind.Restore, new ExecutionId("x"), _time.GetUtcNow());
        await _service.Parts.Catalog.Backups.ChangeAsync(name, b => b with { Uses = [use] }, default);
        Assert.Equal([NameOf(0)], await WalkAsync(new BackupFilter { Status = "restoring" }, 10));
        Assert.Empty(await WalkAsync(new BackupFilter { Status = "available" }, 10));
    }

    [Fact]
    public async Task A_removed_backup_leaves_no_key_behind()
    {
        await AddAsync(1, i => Record(i) with { Tags = [new Tag("a", "b")] });
        await _service.Parts.Catalog.Backups.RemoveAsync(BackupName.Parse(NameOf(0)), _ => true, default);
        Assert.Empty(await _service.Store.ListAsync(string.Empty, null, default).ToListAsync());
    }

    [Fact]
    public async Task A_stale_key_shows_nothing()
    {
        await AddAsync(1, Record);
        Backup current = await _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse(NameOf(0)), default);
        foreach (ObjectKey stale in BackupIndex.KeysOf(current with { CreatedAt = Start.AddDays(9) })
            .Concat(BackupIndex.KeysOf(current with { Name = BackupName.Parse("gone") })).Append(new ObjectKey(CatalogKeys.BackupsByTime + "nonsense")))
        {
            await _service.Store.PutAsync(stale, Array.Empty<byte>(), WriteCondition.None, default);
        }

        Assert.Equal([NameOf(0)], await WalkAsync(new BackupFilter(), 10));
    }

    [Fact]
    public async Task An_unreadable_record_is_named_and_hides_no_other()
    {
        await AddAsync(3, Record);
        await _service.Store.PutAsync(CatalogKeys.Backup(BackupName.Parse(NameOf(1))), "{"u8.ToArray(), WriteCondition.None, default);
        BackupListingPage page = await _service.Parts.Catalog.Listing.ReadAsync(new BackupFilter(), 10, null, default);
        Assert.Equal([NameOf(2), NameOf(0)], page.Backups.Select(b => b.Name.Value));
        Assert.Equal(NameOf(1), Assert.Single(page.Unreadable).Name);
    }

    [Fact]
    public async Task A_page_of_100000_backups_costs_a_bounded_number_of_requests_also_for_a_tag_that_one_has()
    {
        const int Count = 100_000;
        await AddAsync(Count, i => Record(i) with
        {
            Cache = CacheName.Parse($"cache-{i % 250}"),
            Tags = i == 77_777 ? [new Tag("rare", "yes")] : [new Tag("team", "all")],
        });

        int rare = await RequestsAsync(new BackupFilter { TagKey = "rare", TagValue = "yes" }, expected: 1);
        Assert.Equal(2, rare);
        Assert.InRange(await RequestsAsync(new BackupFilter(), expected: 100), 101, 102);
        Assert.InRange(await RequestsAsync(new BackupFilter { Cache = CacheName.Parse("cache-7") }, expected: 100), 101, 102);
        Assert.Equal(1, await RequestsAsync(new BackupFilter { Status = "damaged" }, expected: 0));

        // Two filters, of which only one has an index here: the page ends early, and says where to go on.
        BackupFilter scattered = new() { TagKey = "team", Cache = CacheName.Parse("cache-1") };
        Assert.Equal(BackupListing.MaxExamined + 1, await RequestsAsync(scattered, expected: 0));
        Assert.NotNull((await _service.Parts.Catalog.Listing.ReadAsync(scattered, BackupListing.MaxPage, null, default)).Marker);
    }

    private async Task<int> RequestsAsync(BackupFilter filter, int expected)
    {
        _requests.Reset();
        BackupListingPage page = await _service.Parts.Catalog.Listing.ReadAsync(filter, BackupListing.MaxPage, null, default);
        Assert.Equal(expected, page.Backups.Count);
        return _requests.Total;
    }

    private async Task<List<string>> WalkAsync(BackupFilter filter, int limit)
    {
        List<string> names = [];
        string? marker = null;
        do
        {
            BackupListingPage page = await _service.Parts.Catalog.Listing.ReadAsync(filter, limit, marker, default);
            Assert.InRange(page.Backups.Count, 0, limit);
            names.AddRange(page.Backups.Select(b => b.Name.Value));
            marker = page.Marker;
        }
        while (marker is not null);
        return names;
    }

    private async Task AddAsync(int count, Func<int, Backup> make)
    {
        for (int i = 0; i < count; i++)
        {
            Backup backup = make(i);
            Assert.True(await _service.Parts.Catalog.Backups.TryCreateAsync(backup.Name, backup, default));
        }
    }

    private static string NameOf(int i) => $"b{i:D6}";

    private static Backup Record(int i) => new()
    {
        Name = BackupName.Parse(NameOf(i)),
        Id = new BackupId($"id{i}"),
        Kind = BackupKind.Manual,
        Status = BackupStatus.Available,
        Cache = CacheName.Parse("source"),
        Execution = new ExecutionId("execution"),
        Generation = 1,
        CreatedAt = Start.AddSeconds(i * 300.0),
    };
}
