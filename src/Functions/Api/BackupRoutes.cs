using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/backups</c>.</summary>
public sealed class BackupRoutes(ServiceParts parts)
{
    private const int MaxPage = 100;

    // A filter without an index looks at no more documents than this for one page.
    private const int MaxExamined = 200;

    private static readonly QueryParameter OfCache = new("cache", "Only the backups of this cache.");

    private static readonly QueryParameter OfStatus =
        QueryParameter.OneOf("status", "Only the backups that are shown with this status.", [.. BackupView.Statuses]);

    public IEnumerable<Route> All =>
    [
        new("POST", "backups", StartAsync)
        {
            Summary = "Takes a backup of a cache.",
            Body = ApiJson.Default.StartBackupBody, Answer = new(202, ApiJson.Default.BackupView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("GET", "backups", ListAsync)
        {
            Summary = "A page of backups, without their shards. With a filter it may be short, or empty, although more follow: go on while there is a marker.",
            Query = [QueryParameter.Limit(MaxPage), QueryParameter.Marker, OfCache, OfStatus], Answer = new(200, ApiJson.Default.BackupPage),
        },
        new("GET", "backups/{name}", DescribeAsync)
        {
            Summary = "One backup, with its shards.", Answer = new(200, ApiJson.Default.BackupView), Problems = [ProblemKinds.NotFound],
        },
        new("DELETE", "backups/{name}", DeleteAsync)
        {
            Summary = "Removes a backup and its data. A removal that broke off is taken up by asking again.",
            Answer = new(202, ApiJson.Default.BackupView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("POST", "backups/{name}/restore", RestoreAsync)
        {
            Summary = "Restores a backup into a new cache, and compares every key with the backup before the cache becomes available.",
            Body = ApiJson.Default.StartRestoreBody, Answer = new(202, ApiJson.Default.CacheView),
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable, ProblemKinds.Provisioning],
        },
    ];

    private async Task<ApiResponse> StartAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartBackupBody body = request.Read(ApiJson.Default.StartBackupBody);
        StartBackupRequest start = new(BackupName.Parse(body.Name), CacheName.Parse(body.Cache), BackupKind.Manual, body.Tags);
        return Show(202, await new StartBackup(parts).RunAsync(start, cancellationToken));
    }

    private async Task<ApiResponse> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        int limit = request.QueryNumber("limit", MaxPage, 1, MaxPage);
        string? after = request.Query.TryGetValue("marker", out string? marker)
            ? CatalogKeys.Backup(BackupName.FromCatalog(marker)).Value
            : null;
        CacheName? cache = request.Query.TryGetValue("cache", out string? cacheName) ? CacheName.Parse(cacheName) : null;
        request.Query.TryGetValue("status", out string? status);

        List<BackupView> page = [];
        int examined = 0;
        BackupName last = default;
        await foreach (BackupManifest backup in parts.Catalog.Backups.ListAsync(CatalogKeys.Backups, after, cancellationToken))
        {
            if (page.Count == limit || examined == MaxExamined)
            {
                return ApiResponse.Of(200, new BackupPage(page, last.Value), ApiJson.Default.BackupPage);
            }

            examined++;
            last = backup.Name;
            BackupView view = BackupView.Of(backup, withShards: false);
            if ((cache is null || view.Cache == cache) && (status is null || view.Status == status))
            {
                page.Add(view);
            }
        }

        return ApiResponse.Of(200, new BackupPage(page, null), ApiJson.Default.BackupPage);
    }

    private async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(200, await parts.Catalog.Backups.GetAsync(NameIn(request), cancellationToken));

    private async Task<ApiResponse> DeleteAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(202, await new DeleteBackup(parts).RunAsync(NameIn(request), cancellationToken));

    private async Task<ApiResponse> RestoreAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartRestoreBody body = request.Read(ApiJson.Default.StartRestoreBody);
        RestoreTargetSpec target = new() { Engine = body.Engine, Fill = body.Fill, AllowEngineChange = body.AllowEngineChange };
        StartRestoreRequest start = new(NameIn(request), CacheName.Parse(body.Cache), target, body.Tags);
        Cache cache = await new StartRestore(parts).RunAsync(start, cancellationToken);
        return ApiResponse.Of(202, CacheView.Of(cache), ApiJson.Default.CacheView, $"/caches/{cache.Name}");
    }

    private static BackupName NameIn(ApiRequest request) => BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());

    private static ApiResponse Show(int status, BackupManifest backup) =>
        ApiResponse.Of(status, BackupView.Of(backup, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
}
