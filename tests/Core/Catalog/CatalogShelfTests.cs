using System.Text;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Catalog;

public sealed class CatalogShelfTests
{
    private static readonly CacheName Name = CacheName.Parse("source");

    [Theory]
    [InlineData(StoreFaultKind.AcknowledgementLost)]
    public async Task A_lost_acknowledgement_of_a_write_that_happened_is_settled_by_its_writer(StoreFaultKind kind)
    {
        MemoryService service = With(new StoreFault(StoreOperation.Put, null, kind));
        await service.AddCacheAsync("source");
        Cache changed = await ChangeAsync(service, c => c with { StatusReason = "changed" });
        Assert.Equal(2, changed.Revision);
        Assert.Equal("changed", (await service.Parts.Catalog.Caches.GetAsync(Name, default)).StatusReason);
    }

    [Fact]
    public async Task A_write_that_did_not_happen_is_reported_and_leaves_the_document()
    {
        MemoryService service = With(new StoreFault(StoreOperation.Put, 2, StoreFaultKind.Timeout));
        await service.AddCacheAsync("source");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ChangeAsync(service, c => c with { StatusReason = "changed" }));
        Assert.Equal(1, (await service.Parts.Catalog.Caches.GetAsync(Name, default)).Revision);
    }

    [Fact]
    public async Task Of_64_racing_changers_none_loses_its_change()
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() =>
            ChangeAsync(service, c => c with { Tags = [.. c.Tags, new Tag($"racer-{i}", "x")] }))));
        Cache end = await service.Parts.Catalog.Caches.GetAsync(Name, default);
        Assert.Equal(65, end.Revision);
        Assert.Equal(64, end.Tags.Where(t => t.Key.StartsWith("racer-", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task A_second_creation_leaves_the_first_as_it_is()
    {
        MemoryService service = With();
        Cache first = await service.AddCacheAsync("source");
        Assert.False(await service.Parts.Catalog.Caches.TryCreateAsync(Name, first with { StatusReason = "second" }, default));
        Assert.Null((await service.Parts.Catalog.Caches.GetAsync(Name, default)).StatusReason);
    }

    [Fact]
    public async Task Members_of_a_newer_version_survive_a_change()
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        await RewriteAsync(service, "\"schemaVersion\": 1,", "\"schemaVersion\": 1, \"fromTheFuture\": {\"a\": [1, 2]},");
        await ChangeAsync(service, c => c with { StatusReason = "changed" });
        Assert.Contains("fromTheFuture", await TextAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_returns_the_document_itself_writes_nothing()
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        Assert.Equal(1, (await ChangeAsync(service, c => c)).Revision);
    }

    [Theory]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 2")]
    [InlineData("\"schemaVersion\": 1,", "")]
    [InlineData("\"available\"", "\"resting\"")]
    [InlineData("\"available\"", "1")]
    [InlineData("\"name\": \"source\"", "\"name\": 5")]
    [InlineData("\"name\": \"source\"", "\"name\": \"-\"")]
    [InlineData("{", "{{")]
    public async Task A_document_that_this_version_does_not_understand_is_refused_by_its_key(string text, string instead)
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        await RewriteAsync(service, text, instead);
        CatalogUnreadableException refusal = await Assert.ThrowsAsync<CatalogUnreadableException>(
            () => service.Parts.Catalog.Caches.GetAsync(Name, default));
        Assert.Contains("catalog/caches/source.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_is_as_good_as_removed()
    {
        MemoryService service = With();
        await Assert.ThrowsAsync<NotFoundException>(() => service.Parts.Catalog.Caches.GetAsync(Name, default));
        await Assert.ThrowsAsync<NotFoundException>(() => ChangeAsync(service, c => c with { StatusReason = "x" }));
        await service.Parts.Catalog.Caches.RemoveAsync(Name, _ => true, default);
    }

    [Fact]
    public async Task A_newer_document_of_the_name_is_not_removed()
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        await service.Parts.Catalog.Caches.RemoveAsync(Name, current => current.StatusReason == "the old one", default);
        Assert.NotNull(await service.Parts.Catalog.Caches.FindAsync(Name, default));
        await service.Parts.Catalog.Caches.RemoveAsync(Name, current => current.StatusReason is null, default);
        Assert.Null(await service.Parts.Catalog.Caches.FindAsync(Name, default));
    }

    [Fact]
    public async Task Document_that_is_written_between_the_look_and_the_removal_is_asked_about_anew()
    {
        MemoryService service = With();
        await service.AddCacheAsync("source");
        byte[] other = Encoding.UTF8.GetBytes((await TextAsync(service)).Replace("\"generation\": 0", "\"generation\": 7", StringComparison.Ordinal));
        List<long> asked = [];
        await service.Parts.Catalog.Caches.RemoveAsync(
            Name,
            current =>
            {
                asked.Add(current.Generation);
                if (asked.Count == 1)
                {
                    // In memory a write is done when it returns: another writer's, at the worst moment.
                    _ = service.Store.PutAsync(CatalogKeys.Cache(Name), other, WriteCondition.None, default);
                }

                return current.Generation != 7;
            },
            default);

        Assert.Equal(7, (await service.Parts.Catalog.Caches.GetAsync(Name, default)).Generation);
        Assert.Equal(2, asked.Count);
    }

    private static MemoryService With(params StoreFault[] faults) => new(TimeProvider.System, store => new FaultyObjectStore(store, faults));

    private static Task<Cache> ChangeAsync(MemoryService service, Func<Cache, Cache> change) =>
        service.Parts.Catalog.Caches.ChangeAsync(Name, change, default);

    private static async Task<string> TextAsync(MemoryService service)
    {
        await using ObjectContent content = await service.Store.GetAsync(CatalogKeys.Cache(Name), null, default);
        return Encoding.UTF8.GetString(await StoreBytes.ReadAllAsync(content.Stream));
    }

    private static async Task RewriteAsync(MemoryService service, string text, string instead)
    {
        string before = await TextAsync(service);
        int at = before.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, before);
        byte[] after = Encoding.UTF8.GetBytes(before[..at] + instead + before[(at + text.Length)..]);
        await service.Store.PutAsync(CatalogKeys.Cache(Name), after, WriteCondition.None, default);
    }
}
