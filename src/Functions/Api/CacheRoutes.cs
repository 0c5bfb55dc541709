using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/caches</c>.</summary>
public sealed class CacheRoutes(ServiceParts parts)
{
    private const int MaxPage = 100;

    public IEnumerable<Route> All =>
    [
        new("POST", "caches", RegisterAsync)
        {
            Summary = "Registers a cache of yours: it is asked what it is, and becomes available, or create-failed with the reason.",
            Body = ApiJson.Default.RegisterCacheBody, Answer = new(202, ApiJson.Default.CacheView), Problems = [ProblemKinds.Conflict],
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
        new("DELETE", "caches/{name}", RemoveAsync)
        {
            Summary = "Removes a cache: one that a restore made is shut down and its data removed, one that you registered is forgotten. Backups stay.",
            Answer = new(202, ApiJson.Default.CacheView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
    ];

    private async Task<ApiResponse> RegisterAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        RegisterCacheBody body = request.Read(ApiJson.Default.RegisterCacheBody);
        RegisterCacheRequest register = new(CacheName.Parse(body.Name), body.ToAddress(), body.Tags);
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
        Show(200, await parts.Catalog.Caches.GetAsync(CacheName.Parse(request.Path["name"]), cancellationToken));

    private async Task<ApiResponse> RemoveAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(202, await new Core.Operations.RemoveCache(parts).StartAsync(CacheName.Parse(request.Path["name"]), cancellationToken));

    private static ApiResponse Show(int status, Cache cache) =>
        ApiResponse.Of(status, CacheView.Of(cache), ApiJson.Default.CacheView, $"/caches/{cache.Name}");
}
