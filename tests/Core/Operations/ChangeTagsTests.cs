using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ChangeTagsTests
{
    private static readonly BackupName Name = BackupName.Parse("one");

    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_tag_of_a_key_that_is_there_gets_the_new_value()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await Change.AddAsync(Name, [new Tag("environment", "dev"), new Tag("owner", "team-x")], default);
        Backup changed = await Change.AddAsync(Name, [new Tag("environment", "prod")], default);
        Assert.Equal([new Tag("owner", "team-x"), new Tag("environment", "prod")], changed.Tags);
        Assert.Equal([new Tag("owner", "team-x")], (await Change.RemoveAsync(Name, "environment", default)).Tags);
        await Assert.ThrowsAsync<NotFoundException>(() => Change.RemoveAsync(Name, "environment", default));
    }

    [Fact]
    public async Task Tags_that_break_a_rule_together_with_those_there_change_nothing()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await Change.AddAsync(Name, [.. Enumerable.Range(0, 50).Select(i => new Tag($"k{i}", "v"))], default);
        await Assert.ThrowsAsync<InvalidRequestException>(() => Change.AddAsync(Name, [new Tag("one-more", "v")], default));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Change.AddAsync(Name, [new Tag("k1", "v"), new Tag("k1", "w")], default));
        Assert.Equal(50, (await _service.Parts.Catalog.Backups.GetAsync(Name, default)).Tags.Count);
    }

    [Fact]
    public async Task The_copy_of_the_manifest_beside_the_data_follows()
    {
        Backup backup = await _service.AddBackupAsync("one", BackupStatus.Available);
        await Change.AddAsync(Name, [new Tag("environment", "dev")], default);
        await using ObjectContent copy = await _service.Store.GetAsync(CatalogKeys.ManifestCopy(backup.Id), null, default);
        Assert.Equal([new Tag("environment", "dev")], (await JsonSerializer.DeserializeAsync(copy.Stream, CatalogJson.Default.Backup))!.Tags);
    }

    [Fact]
    public async Task A_backup_that_is_being_deleted_gets_no_tags()
    {
        await _service.AddBackupAsync("one", BackupStatus.Deleting);
        await Assert.ThrowsAsync<CatalogConflictException>(() => Change.AddAsync(Name, [new Tag("a", "b")], default));
    }

    [Fact]
    public async Task A_cache_has_tags_as_well_and_each_change_is_told()
    {
        await _service.AddCacheAsync("source");
        Cache changed = await Change.AddAsync(CacheName.Parse("source"), [new Tag("team", "two"), new Tag("environment", "dev")], default);
        Assert.Equal([new Tag("team", "two"), new Tag("environment", "dev")], changed.Tags);
        await Change.RemoveAsync(changed.Name, "team", default);
        List<BackupEvent> told = await _service.Parts.Events.ListAsync(CatalogKeys.CacheEvents(changed.Name), null, default).ToListAsync();
        Assert.Equal([EventCode.CacheTagged, EventCode.CacheTagged], told.Select(e => e.Code));
    }

    [Fact]
    public async Task Costs_are_the_sizes_by_value_and_follow_the_tags()
    {
        await AddAsync("one", 1000, "prod");
        await AddAsync("two", 500, "prod");
        await AddAsync("three", 7, "dev");
        Assert.Equal([new TagCost("dev", 1, 7), new TagCost("prod", 2, 1500)], await CostsAsync());
        await Change.AddAsync(BackupName.Parse("two"), [new Tag("environment", "dev")], default);
        Assert.Equal([new TagCost("dev", 2, 507), new TagCost("prod", 1, 1000)], await CostsAsync());
        await Change.RemoveAsync(BackupName.Parse("one"), "environment", default);
        Assert.Equal([new TagCost("dev", 2, 507)], await CostsAsync());
    }

    private ChangeTags Change => new(_service.Parts);

    private async Task<List<TagCost>> CostsAsync() =>
        [.. (await _service.Parts.Catalog.Costs.ReadAsync("environment", null, default)).Costs.OrderBy(c => c.Value, StringComparer.Ordinal)];

    private async Task AddAsync(string name, long bytes, string environment)
    {
        await _service.AddBackupAsync(name, BackupStatus.Available);
        await _service.Parts.Catalog.Backups.ChangeAsync(
            BackupName.Parse(name), b => b with { Shards = [ShardOf(bytes)], Tags = [new Tag("environment", environment)] }, default);
    }

    private static ShardManifest ShardOf(long bytes) => SampleManifests.Shard(1, bytes);
}
