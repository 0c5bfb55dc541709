using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The routes of tags, and what they cost.</summary>
public sealed class TagRoutes(ServiceParts parts)
{
    private readonly ChangeTags _tags = new(parts);

    private static readonly RouteAnswer Tagged = new(200, ApiJson.Default.TagsView);
    private static readonly QueryParameter KeyToRemove = new("key", "The key of the tag to remove.") { IsRequired = true };

    public IEnumerable<Route> All =>
    [
        new("GET", "backups/{name}/tags", OfBackupAsync)
        {
            Summary = "The tags of a backup.", Answer = Tagged, Problems = [ProblemKinds.NotFound],
        },
        new("POST", "backups/{name}/tags", AddToBackupAsync)
        {
            Summary = "Adds tags to a backup, or changes their values. Answers with all that it has then.",
            Body = ApiJson.Default.TagsBody, Answer = Tagged, Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("DELETE", "backups/{name}/tags", RemoveFromBackupAsync)
        {
            Summary = "Removes a tag of a backup. Answers with those that are left.",
            Query = [KeyToRemove], Answer = Tagged, Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("GET", "caches/{name}/tags", OfCacheAsync)
        {
            Summary = "The tags of a cache.", Answer = Tagged, Problems = [ProblemKinds.NotFound],
        },
        new("POST", "caches/{name}/tags", AddToCacheAsync)
        {
            Summary = "Adds tags to a cache, or changes their values. Answers with all that it has then.",
            Body = ApiJson.Default.TagsBody, Answer = Tagged, Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("DELETE", "caches/{name}/tags", RemoveFromCacheAsync)
        {
            Summary = "Removes a tag of a cache. Answers with those that are left.",
            Query = [KeyToRemove], Answer = Tagged, Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
        new("GET", "costs", CostsAsync)
        {
            Summary = "What backups cost a month, by the values of one tag.",
            Query = [new("tag", "The tag's key.") { IsRequired = true }, QueryParameter.Marker], Answer = new(200, ApiJson.Default.CostPage),
        },
    ];

    private async Task<ApiResponse> OfBackupAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await parts.Catalog.Backups.GetAsync(BackupIn(request), cancellationToken)).Tags);

    private async Task<ApiResponse> AddToBackupAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await _tags.AddAsync(BackupIn(request), request.Read(ApiJson.Default.TagsBody).Tags, cancellationToken)).Tags);

    private async Task<ApiResponse> RemoveFromBackupAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await _tags.RemoveAsync(BackupIn(request), KeyIn(request), cancellationToken)).Tags);

    private async Task<ApiResponse> OfCacheAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await parts.Catalog.Caches.GetAsync(CacheIn(request), cancellationToken)).Tags);

    private async Task<ApiResponse> AddToCacheAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await _tags.AddAsync(CacheIn(request), request.Read(ApiJson.Default.TagsBody).Tags, cancellationToken)).Tags);

    private async Task<ApiResponse> RemoveFromCacheAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show((await _tags.RemoveAsync(CacheIn(request), KeyIn(request), cancellationToken)).Tags);

    private async Task<ApiResponse> CostsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.Query.TryGetValue("tag", out string? tag) || tag.Length == 0)
        {
            throw new InvalidRequestException("The query parameter tag is needed: the tag's key, as in ?tag=environment.");
        }

        request.Query.TryGetValue("marker", out string? marker);
        TagCostPage page = await parts.Catalog.Costs.ReadAsync(tag, marker, cancellationToken);
        CostPage shown = new(
            tag, [.. page.Costs.Select(c => new CostView(c.Value, c.Backups, c.SizeBytes, MonthlyPrice.Of(c.SizeBytes, parts)))], page.Marker);
        return ApiResponse.Of(200, shown, ApiJson.Default.CostPage);
    }

    private static BackupName BackupIn(ApiRequest request) => BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());

    private static CacheName CacheIn(ApiRequest request) => CacheName.Parse(request.Path["name"]);

    private static string KeyIn(ApiRequest request) => request.Query.TryGetValue("key", out string? key)
        ? key
        : throw new InvalidRequestException("The query parameter key is needed: the key of the tag to remove.");

    private static ApiResponse Show(IReadOnlyList<Tag>? tags) => ApiResponse.Of(200, new TagsView(tags ?? []), ApiJson.Default.TagsView);
}
