using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Operations;

public sealed class RebuildCatalogTests
{
    private const int SizeBytes = 100;

    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_lost_catalog_is_the_same_again_with_tags_and_index_keys()
    {
        Backup one = await AddAsync("one", [new Tag("environment", "prod")]);
        Backup two = await AddAsync("two", []);
        HashSet<string> before = await KeysAsync("catalog/");
        await LoseAsync("catalog/");

        RebuildReport report = await RebuildAsync();
        Assert.Equal(2, report.Restored);
        Assert.Empty(report.LeftOut);
        Assert.Equal(before, await KeysAsync("catalog/"));
        foreach (Backup backup in new[] { one, two })
        {
            Backup found = await _service.Parts.Catalog.Backups.GetAsync(backup.Name, default);
            Assert.Equal((backup.Id, backup.Status, backup.CreatedAt), (found.Id, found.Status, found.CreatedAt));
            Assert.Equal(backup.Tags, found.Tags);
            Assert.Equal(backup.Shards.Single().Sha256, found.Shards.Single().Sha256);
        }
    }

    [Fact]
    public async Task What_stands_in_the_catalog_is_left_and_its_index_is_mended()
    {
        Backup one = await AddAsync("one", []);
        await _service.Parts.Catalog.Backups.ChangeAsync(one.Name, b => b with { StatusReason = "later" }, default);
        HashSet<string> before = await KeysAsync("catalog/");
        await LoseAsync(CatalogKeys.BackupsByTime);
        Assert.Equal(new RebuildReport(0, 1, []) with { LeftOut = [] }, await RebuildAsync() with { LeftOut = [] }, Same);
        Assert.Equal(before, await KeysAsync("catalog/"));
        Assert.Equal("later", (await _service.Parts.Catalog.Backups.GetAsync(one.Name, default)).StatusReason);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("index")]
    [InlineData("length")]
    public async Task A_backup_that_is_not_whole_is_left_out_with_the_reason(string lost)
    {
        Backup backup = await AddAsync("one", []);
        ShardManifest shard = backup.Shards.Single();
        await _service.Parts.Catalog.Backups.RemoveAsync(backup.Name, _ => true, default);
        await _service.Store.DeleteAsync(lost == "index" ? shard.IndexKey : shard.DataKey, default);
        if (lost == "length")
        {
            await _service.Store.PutAsync(shard.DataKey, new byte[SizeBytes - 1], WriteCondition.None, default);
        }

        RebuildReport report = await RebuildAsync();
        Assert.Equal(0, report.Restored);
        RebuildFinding left = Assert.Single(report.LeftOut);
        Assert.Equal("one", left.Name);
        Assert.Contains("Shard 1", left.Reason, StringComparison.Ordinal);
        Assert.Null(await _service.Parts.Catalog.Backups.FindAsync(backup.Name, default));
    }

    [Fact]
    public async Task Of_two_generations_of_a_name_the_newer_one_counts()
    {
        Backup older = await AddAsync("one", []);
        await LoseAsync("catalog/");
        Backup newer = await AddAsync("one", [], generation: 2);
        await LoseAsync("catalog/");
        RebuildReport report = await RebuildAsync();
        Assert.Equal(1, report.Restored);
        Assert.Contains(older.Id.Value, Assert.Single(report.LeftOut).Reason, StringComparison.Ordinal);
        Assert.Equal(newer.Id, (await _service.Parts.Catalog.Backups.GetAsync(newer.Name, default)).Id);
    }

    [Fact]
    public async Task A_copy_that_lies_here_is_here_for_the_catalog_that_is_rebuilt_here()
    {
        Backup backup = await AddAsync("one", []);
        Backup elsewhere = backup with { Location = BucketAddress.Parse("s3://far-away/copies?region=eu-west-1") };
        await LoseAsync("catalog/");
        await _service.Store.PutAsync(
            CatalogKeys.ManifestCopy(backup.Id), JsonSerializer.SerializeToUtf8Bytes(elsewhere, CatalogJson.Default.Backup), WriteCondition.None, default);
        Assert.Equal(1, (await RebuildAsync()).Restored);
        Assert.Null((await _service.Parts.Catalog.Backups.GetAsync(backup.Name, default)).Location);
    }

    [Fact]
    public async Task Copies_in_another_place_are_found_there_and_keep_that_place()
    {
        Backup here = await AddAsync("one", []);
        MemoryObjectStore elsewhere = new(TimeProvider.System);
        BucketAddress address = BucketAddress.Parse("s3://far-away/copies?region=eu-west-1");
        Backup copy = here with { Name = BackupName.Parse("two"), Id = new BackupId("elsewhere"), Location = address };
        ShardManifest shard = SampleManifests.Shard(1, SizeBytes, copy.Id);
        await elsewhere.PutAsync(shard.DataKey, new byte[SizeBytes], WriteCondition.None, default);
        await elsewhere.PutAsync(shard.IndexKey, new byte[1], WriteCondition.None, default);
        await elsewhere.PutAsync(
            CatalogKeys.ManifestCopy(copy.Id),
            JsonSerializer.SerializeToUtf8Bytes(copy with { Shards = [shard] }, CatalogJson.Default.Backup),
            WriteCondition.None,
            default);
        await LoseAsync("catalog/");
        RebuildReport report = await new RebuildCatalog(
            [new BackupPlace(null, _service.Store), new BackupPlace(address, elsewhere)], _service.Parts.Catalog).RunAsync(default);
        Assert.Equal(2, report.Restored);
        Assert.Null((await _service.Parts.Catalog.Backups.GetAsync(here.Name, default)).Location);
        Assert.Equal(address, (await _service.Parts.Catalog.Backups.GetAsync(copy.Name, default)).Location);
    }

    [Fact]
    public async Task A_manifest_that_is_none_is_named_and_hides_no_other()
    {
        await AddAsync("one", []);
        await LoseAsync("catalog/");
        await _service.Store.PutAsync(new ObjectKey("data/strange/manifest.json"), "{}"u8.ToArray(), WriteCondition.None, default);
        RebuildReport report = await RebuildAsync();
        Assert.Equal(1, report.Restored);
        Assert.Equal("data/strange/manifest.json", Assert.Single(report.LeftOut).Name);
    }

    [Fact]
    public async Task A_backup_whose_removal_had_begun_does_not_come_back()
    {
        Backup backup = await AddAsync("one", []);
        await new DeleteBackup(_service.Parts).RunAsync(backup.Name, default);
        Backup deleting = await _service.Parts.Catalog.Backups.GetAsync(backup.Name, default);
        await new RemoveBackup(_service.Parts).RemoveObjectsAsync(new DeleteJob(deleting.Execution, deleting.Name, deleting.Generation), default);
        await LoseAsync("catalog/");
        Assert.Equal(0, (await RebuildAsync()).Restored);
    }

    private static bool Same(RebuildReport one, RebuildReport other) => (one.Restored, one.Present) == (other.Restored, other.Present);

    private Task<RebuildReport> RebuildAsync() => new RebuildCatalog([new BackupPlace(null, _service.Store)], _service.Parts.Catalog).RunAsync(default);

    private async Task<HashSet<string>> KeysAsync(string prefix) =>
        [.. await _service.Store.ListAsync(prefix, null, default).Select(s => s.Key.Value).ToListAsync()];

    private async Task LoseAsync(string prefix)
    {
        foreach (string key in await KeysAsync(prefix))
        {
            await _service.Store.DeleteAsync(new ObjectKey(key), default);
        }
    }

    private async Task<Backup> AddAsync(string name, IReadOnlyList<Tag> tags, long generation = 1)
    {
        Backup backup = await _service.AddBackupAsync(name, BackupStatus.Available);
        ShardManifest shard = SampleManifests.Shard(1, SizeBytes, backup.Id);
        await _service.Store.PutAsync(shard.DataKey, new byte[SizeBytes], WriteCondition.None, default);
        await _service.Store.PutAsync(shard.IndexKey, new byte[1], WriteCondition.None, default);
        await _service.Parts.Catalog.Backups.ChangeAsync(backup.Name, b => b with { Shards = [shard], Generation = generation }, default);
        Tag[] first = [new Tag("first", "x"), .. tags];
        await new ChangeTags(_service.Parts).AddAsync(backup.Name, first, default);
        return await new ChangeTags(_service.Parts).RemoveAsync(backup.Name, "first", default);
    }
}
