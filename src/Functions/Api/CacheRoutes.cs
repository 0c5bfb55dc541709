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
        new("POST", "caches", RegisterAsync)
        {
            Summary = "Registers a cache of yours, by its host or by its name in ElastiCache: it is asked what it is, and becomes available, or create-failed with the reason.",
            Body = ApiJson.Default.RegisterCacheBody, Answer = new(202, ApiJson.Default.CacheView),
            Problems = [ProblemKinds.Conflict, ProblemKinds.NotAvailableHere],
        },
        new("GET", "caches", ListAsync)
        {
            Summary = "A page of caches, ordered by their key in the store. A page without marker is the last.",
            Query = [QueryParameter.Limit(MaxPage), QueryParameter.Marker], Answer = new(200, ApiJson.Default.CachePage),
        },
        new("GET", "caches/{name}", DescribeAsync)
        {
            Summary = "One cache.", Answer = new(200, ApiJson.Default.CacheView), Problems = [ProblemKinds.NotFound],
        },
        new("PATCH", "caches/{name}", ModifyAsync)
        {
            Summary = "Changes the automatic backups of an available cache, at once. What is left out stays as it is.",
            Body = ApiJson.Default.ModifyCacheBody, Answer = new(200, ApiJson.Default.CacheView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("GET", "caches/{name}/retention", PreviewRetentionAsync)
        {
            Summary = "What the purge would do with the automatic backups of a cache now, and why.",
            Answer = new(200, ApiJson.Default.RetentionView), Problems = [ProblemKinds.NotFound],
        },
        new("GET", "purge", PreviewPurgeAsync)
        {
            Summary = "What of the data the purge would remove now because no record claims it.",
            Query = [QueryParameter.Marker], Answer = new(200, ApiJson.Default.PurgeView),
        },
        new("DELETE", "caches/{name}", RemoveAsync)
        {
            Summary = "Removes a cache: one that a restore made is shut down or deleted in ElastiCache, one that you registered is forgotten. Manual backups stay.",
            Query =
            [
                new("finalBackup", "The name of a last backup, which is taken and read back before anything of the cache goes."),
                new("forget", "true: what a restore made in ElastiCache stays there, and only the record goes."),
            ],
            Answer = new(202, ApiJson.Default.CacheView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotConfigured],
        },
    ];

    private async Task<ApiResponse> RegisterAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        RegisterCacheBody body = request.Read(ApiJson.Default.RegisterCacheBody);
        Cache cache = await new RegisterCache(parts).RunAsync(body.ToRequest(), cancellationToken);
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
        bool forget = request.Query.TryGetValue("forget", out string? text)
            && (bool.TryParse(text, out bool yes) ? yes : throw new InvalidRequestException("forget is true or false."));
        return Show(202, await new Core.Operations.RemoveCache(parts).StartAsync(NameIn(request), final, forget, cancellationToken));
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
