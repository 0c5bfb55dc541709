using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The route that hands out links to data files.</summary>
public sealed class DownloadRoutes(ServiceParts parts)
{
    private const int MaxShard = 500;

    public IEnumerable<Route> All =>
    [
        new("GET", "backups/{name}/download", DownloadAsync)
        {
            Summary = "A link to a data file that is good for a quarter of an hour, and the steps to start a server of one's own on the file.",
            Query =
            [
                new("shard", "Which shard, from 1.") { Range = (1, MaxShard) },
                new("match", "Only keys whose name fits this glob, with the rules of KEYS."),
                new("type", "Only values of these types, parted by commas: string, list, set, zset, hash, stream, module."),
                new("db", "Only keys of these databases, parted by commas: 0,3."),
            ],
            Answer = new(200, ApiJson.Default.DownloadView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable],
        },
    ];

    private async Task<ApiResponse> DownloadAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());
        int? shard = request.Query.ContainsKey("shard") ? request.QueryNumber("shard", 1, 1, MaxShard) : null;
        BackupDownload download = await new DownloadBackup(parts).RunAsync(name, shard, SelectionIn(request), cancellationToken);
        BackupManifest backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        return ApiResponse.Of(200, DownloadView.Of(download, backup), ApiJson.Default.DownloadView);
    }

    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    private static EntrySelection? SelectionIn(ApiRequest request)
    {
        request.Query.TryGetValue("match", out string? match);
        string[]? types = request.Query.TryGetValue("type", out string? type) ? type.Split(',') : null;
        int[]? databases = request.Query.TryGetValue("db", out string? numbers) ? [.. numbers.Split(',').Select(Number)] : null;
        return EntrySelection.Of(match, types, databases);
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new InvalidRequestException("The query parameter db is numbers of databases, parted by commas: 0,3.");
}
