using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The route that imports a file as a backup, and seeds a new cache from it where that is asked for.</summary>
public sealed class ImportRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All =>
    [
        new("POST", "backups/import", ImportAsync)
        {
            Summary = "Imports an .rdb file from a configured place as a backup, read as hostile input; restores it into a new cache where that is asked for.",
            Body = ApiJson.Default.StartImportBody, Answer = new(202, ApiJson.Default.BackupView),
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotConfigured],
        },
    ];

    private async Task<ApiResponse> ImportAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartImportBody body = request.Read(ApiJson.Default.StartImportBody);
        StartImportRequest start = new()
        {
            Name = BackupName.Parse(body.Name),
            File = body.File,
            Cache = body.Cache is null ? null : CacheName.Parse(body.Cache),
            Engine = body.Engine,
            EngineVersion = body.EngineVersion,
            ForElastiCache = body.ForElastiCache,
            Restore = body.Restore is null ? null : RestoreOf(body.Restore),
            Tags = body.Tags,
        };
        BackupManifest backup = await new StartImport(parts).RunAsync(start, cancellationToken);
        return ApiResponse.Of(202, BackupView.Of(backup, parts, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
    }

    private static ImportRestore RestoreOf(StartRestoreBody body) => new(
        CacheName.Parse(body.Cache),
        body.ToTarget(),
        body.Tags,
        body.ToSelection(),
        body.ToRate());
}
