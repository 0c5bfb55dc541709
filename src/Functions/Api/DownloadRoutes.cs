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
            Summary = "A link to a data file that is good for a quarter of an hour, and the steps to start a server of one's own on the file.",
            Query = [new("shard", "Which shard, from 1.") { Range = (1, MaxShard) }],
            Answer = new(200, ApiJson.Default.DownloadView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable],
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
