using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/caches</c>.</summary>
public sealed class CacheRoutes(ServiceParts parts)
{
    private const int MaxPage = 100;

    public IEnumerable<Route> All =>
    [
        new("POST", "caches", RegisterAsync),
        new("GET", "caches", ListAsync),
        new("GET", "caches/{name}", DescribeAsync),
        new("PATCH", "caches/{name}", ModifyAsync),
        new("DELETE", "caches/{name}", RemoveAsync),
        new("GET", "caches/{name}/retention", PreviewRetentionAsync),
        new("GET", "purge", PreviewPurgeAsync),
    ];

    private async Task<ApiResponse> RegisterAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        RegisterCacheBody body = request.Read(ApiJson.Default.RegisterCacheBody);
        RegisterCacheRequest register = new(CacheName.Parse(body.Name), body.ToAddress(), body.Tags)
        {
            Retention = body.AutomaticBackups?.ToPolicy(),
            Window = body.AutomaticBackups?.ToWindow(),
        };
        Cache cache = await new RegisterCache(parts).RunAsync(register, cancellationToken);
        return Show(202, cache);
    }

    private async Task<ApiResponse> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        int limit = request.QueryNumber("limit", MaxPage, 1, MaxPage);
        string? after = request.Query.TryGetValue("marker", out string? marker) ? CatalogKeys.Cache(CacheName.Parse(marker)).Value : null;
        List<CacheView> page = [];
        List<UnreadableRecord> unreadable = [];
        IReadOnlyList<UnreadableRecord>? Unreadable() => unreadable is [] ? null : unreadable;
        await foreach (Cache cache in parts.Catalog.Caches.ListAsync(CatalogKeys.Caches, after, unreadable.Add, cancellationToken))
        {
            if (page.Count == limit)
            {
                return ApiResponse.Of(200, new CachePage(page, Unreadable(), page[^1].Name.Value), ApiJson.Default.CachePage);
            }

            page.Add(CacheView.Of(cache));
        }

        return ApiResponse.Of(200, new CachePage(page, Unreadable()), ApiJson.Default.CachePage);
    }

    private async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(200, await parts.Catalog.Caches.GetAsync(NameIn(request), cancellationToken));

    private async Task<ApiResponse> ModifyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        ModifyCacheBody body = request.Read(ApiJson.Default.ModifyCacheBody);
        return Show(200, await new ModifyCache(parts).RunAsync(NameIn(request), body.AutomaticBackups.ToRequest(), cancellationToken));
    }

    private async Task<ApiResponse> RemoveAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        BackupName? final = request.Query.TryGetValue("finalBackup", out string? name) ? BackupName.Parse(name) : null;
        return Show(202, await new Core.Operations.RemoveCache(parts).StartAsync(NameIn(request), final, cancellationToken));
    }

    private async Task<ApiResponse> PreviewRetentionAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        RetentionPreview preview = await new PurgeBackups(parts).PreviewAsync(NameIn(request), cancellationToken);
        return ApiResponse.Of(200, RetentionView.Of(preview), ApiJson.Default.RetentionView);
    }

    private async Task<ApiResponse> PreviewPurgeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        request.Query.TryGetValue("marker", out string? marker);
        ClockVerdict clock = await new PurgeClock(parts).PeekAsync(cancellationToken);
        OrphanPage page = await new OrphanedData(parts).FindAsync(marker ?? string.Empty, cancellationToken);
        return ApiResponse.Of(
            200, new PurgeView(clock, [.. page.Orphans.Select(o => o.Value)], page.Done ? null : page.After), ApiJson.Default.PurgeView);
    }

    private static CacheName NameIn(ApiRequest request) => CacheName.Parse(request.Path["name"]);

    private static ApiResponse Show(int status, Cache cache) =>
        ApiResponse.Of(status, CacheView.Of(cache), ApiJson.Default.CacheView, $"/caches/{cache.Name}");
}
