using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>The route that copies a backup.</summary>
public sealed class CopyRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All => 
    [
        new("POST", "backups/{name}/copy", CopyAsync)
        {
            Summary = "Copies a backup to a new name, here or into a configured place.",
            Body = ApiJson.Default.StartCopyBody, Answer = new(202, ApiJson.Default.BackupView),
            Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable, ProblemKinds.NotConfigured],
        },
    ];

    private async Task<ApiResponse> CopyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        StartCopyBody body = request.Read(ApiJson.Default.StartCopyBody);
        StartCopyRequest start = new(
            BackupName.FromCatalog(request.Path["name"].ToLowerInvariant()), BackupName.Parse(body.Name), body.Location, body.Tags);
        BackupManifest copy = await new StartCopy(parts).RunAsync(start, cancellationToken);
        return ApiResponse.Of(202, BackupView.Of(copy, parts, withShards: true), ApiJson.Default.BackupView, $"/backups/{copy.Name}");
    }
}
