using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
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
            Summary = "A link to one data file, good for 15 minutes, and the steps to start a server of your own on it.",
            Query = [new QueryParameter("shard", "Which file of a backup with several; not needed where there is one.") { Range = (1, MaxShard) }],
            Answer = new(200, ApiJson.Default.DownloadView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict],
        },
    ];

    private async Task<ApiResponse> DownloadAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());
        int? shard = request.Query.ContainsKey("shard") ? request.QueryNumber("shard", 1, 1, MaxShard) : null;
        BackupDownload download = await new DownloadBackup(parts).RunAsync(name, shard, cancellationToken);
        BackupManifest backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        return ApiResponse.Of(200, DownloadView.Of(download, backup), ApiJson.Default.DownloadView);
    }
}
