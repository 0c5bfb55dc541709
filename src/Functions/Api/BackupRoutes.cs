using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/backups</c>.</summary>
public sealed class BackupRoutes(ServiceParts parts)
{
    private static readonly IReadOnlyList<QueryParameter> Filters =
    [
        new("cache", "Only the backups of this cache."),
        QueryParameter.OneOf<BackupKind>("kind", "Only the backups of this kind."),
        QueryParameter.OneOf("status", "Only the backups that are shown with this status.", BackupManifest.ShownStatuses),
        QueryParameter.OneOf<CacheEngine>("engine", "Only the backups of caches of this engine."),
        new("tag", "Only the backups with a tag of this key."),
        new("tagValue", "Only the backups whose tag has this value; any value where it is left out."),
    ];

    public IEnumerable<Route> All =>
    [
        new("POST", "backups", StartAsync)
        {
            Summary = "Takes a backup of a cache.",
            Body = ApiJson.Default.StartBackupBody, Answer = new(202, ApiJson.Default.BackupView),
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.QuotaExceeded],
        },
        new("GET", "backups", ListAsync)
        {
            Summary = "A page of backups, newest first, without their shards. With several filters it may be short, or empty, although more follow: go on while there is a marker.",
            Query = [QueryParameter.Limit(BackupListing.MaxPage), QueryParameter.Marker, .. Filters], Answer = new(200, ApiJson.Default.BackupPage),
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
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable, ProblemKinds.Damaged, ProblemKinds.Provisioning, ProblemKinds.NotConfigured],
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
        int limit = request.QueryNumber("limit", BackupListing.MaxPage, 1, BackupListing.MaxPage);
        request.Query.TryGetValue("marker", out string? marker);
        request.Query.TryGetValue("tag", out string? tagKey);
        request.Query.TryGetValue("tagValue", out string? tagValue);
        if (tagKey is null && tagValue is not null)
        {
            throw new InvalidRequestException("The query parameter tagValue goes with tag, which is the tag's key.");
        }

        BackupFilter filter = new()
        {
            Cache = request.Query.TryGetValue("cache", out string? cache) ? CacheName.Parse(cache) : null,
            Kind = request.QueryWord<BackupKind>("kind"),
            Status = request.Query.GetValueOrDefault("status"),
            Engine = request.QueryWord<CacheEngine>("engine"),
            TagKey = tagKey,
            TagValue = tagValue,
        };
        BackupListingPage page = await parts.Catalog.Listing.ReadAsync(filter, limit, marker, cancellationToken);
        return ApiResponse.Of(
            200,
            new BackupPage(
                [.. page.Backups.Select(b => BackupView.Of(b, parts))], page.Unreadable is [] ? null : page.Unreadable, page.Marker),
            ApiJson.Default.BackupPage);
    }

    private async Task<ApiResponse> DescribeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        BackupManifest backup = await parts.Catalog.Backups.GetAsync(NameIn(request), cancellationToken);
        BackupView view = BackupView.Of(backup, parts, withShards: true);
        if (backup.Status == BackupStatus.Creating)
        {
            string prefix = CatalogKeys.BackupProgress(backup.Id);
            view = view with { Progress = ProgressView.Of(await ProgressRecords.SumAsync(parts.Store, prefix, cancellationToken), backup.CreatedAt) };
        }

        return ApiResponse.Of(200, view, ApiJson.Default.BackupView);
    }

    private async Task<ApiResponse> DeleteAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(202, await new DeleteBackup(parts).RunAsync(NameIn(request), cancellationToken));

    private async Task<ApiResponse> RestoreAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartRestoreBody body = request.Read(ApiJson.Default.StartRestoreBody);
        StartRestoreRequest start = new(NameIn(request), CacheName.Parse(body.Cache), body.ToTarget(), body.Tags, body.ToSelection(), body.ToRate());
        Cache cache = await new StartRestore(parts).RunAsync(start, cancellationToken);
        return ApiResponse.Of(202, CacheView.Of(cache), ApiJson.Default.CacheView, $"/caches/{cache.Name}");
    }

    private static BackupName NameIn(ApiRequest request) => BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());

    private ApiResponse Show(int status, BackupManifest backup) =>
        ApiResponse.Of(status, BackupView.Of(backup, parts, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
}
