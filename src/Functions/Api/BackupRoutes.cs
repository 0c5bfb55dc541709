using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The routes below <c>/backups</c>.</summary>
public sealed class BackupRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All =>
    [
        new("POST", "backups", StartAsync),
        new("GET", "backups", ListAsync),
        new("GET", "backups/{name}", DescribeAsync),
        new("DELETE", "backups/{name}", DeleteAsync),
        new("POST", "backups/{name}/restore", RestoreAsync),
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
            Status = StatusIn(request),
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

    private static string? StatusIn(ApiRequest request)
    {
        if (!request.Query.TryGetValue("status", out string? status))
        {
            return null;
        }

        return BackupManifest.ShownStatuses.Contains(status)
            ? status
            : throw new InvalidRequestException($"The query parameter status is one of {string.Join(", ", BackupManifest.ShownStatuses)}.");
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
        StartRestoreRequest start = new(NameIn(request), CacheName.Parse(body.Cache), body.ToTarget(), body.Tags, body.ToSelection());
        Cache cache = await new StartRestore(parts).RunAsync(start, cancellationToken);
        return ApiResponse.Of(202, CacheView.Of(cache), ApiJson.Default.CacheView, $"/caches/{cache.Name}");
    }

    private static BackupName NameIn(ApiRequest request) => BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());

    private ApiResponse Show(int status, BackupManifest backup) =>
        ApiResponse.Of(status, BackupView.Of(backup, parts, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
}
