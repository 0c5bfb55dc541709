using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;
using RunningExport = CacheBackup.Core.Model.Export;

namespace CacheBackup.Functions.Api;

/// <summary>The route that exports a backup.</summary>
public sealed class ExportRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All => 
    [
        new("POST", "backups/{name}/export", ExportAsync)
        {
            Summary = "Writes a backup as plain .rdb files, one for each shard, into a configured bucket or directory.",
            Body = ApiJson.Default.StartExportBody, Answer = new(202, ApiJson.Default.ExportView),
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable, ProblemKinds.NotConfigured],
        },
    ];

    private async Task<ApiResponse> ExportAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartExportBody body = request.Read(ApiJson.Default.StartExportBody);
        BackupName name = BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());
        RunningExport export = await new StartExport(parts).RunAsync(
            new StartExportRequest(name, body.Location, body.Name, body.ForElastiCache), cancellationToken);
        BackupManifest backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        ExportView view = new(
            export.Backup,
            export.Bucket.Location,
            export.Name,
            export.Execution,
            [.. backup.Shards.Select(shard => BucketFileName.OfExport(export.Name, shard.Number).Value)]);
        return ApiResponse.Of(202, view, ApiJson.Default.ExportView, $"/executions/{Uri.EscapeDataString(export.Execution.Value)}");
    }
}
