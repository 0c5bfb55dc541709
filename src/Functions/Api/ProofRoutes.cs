using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The routes that find out whether a backup is still good.</summary>
public sealed class ProofRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All =>
    [
        new("POST", "backups/{name}/verify", VerifyAsync)
        {
            Summary = "Reads every stored byte of a backup back and compares it with its digests.",
            Answer = new(202, ApiJson.Default.BackupView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable],
        },
        new("POST", "backups/{name}/restore-test", RestoreTestAsync)
        {
            Summary = "Restores a backup into a throw-away cache, compares every key, and removes the cache again.",
            Answer = new(202, ApiJson.Default.BackupView), Problems = [ProblemKinds.NotFound, ProblemKinds.Conflict, ProblemKinds.NotRestorable, ProblemKinds.Provisioning],
        },
    ];

    private async Task<ApiResponse> VerifyAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(await new StartVerify(parts).RunAsync(NameIn(request), cancellationToken));

    private async Task<ApiResponse> RestoreTestAsync(ApiRequest request, CancellationToken cancellationToken) =>
        Show(await new StartRestoreTest(parts).RunAsync(NameIn(request), cancellationToken));

    private static BackupName NameIn(ApiRequest request) => BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());

    private ApiResponse Show(Core.Model.Backup backup) =>
        ApiResponse.Of(202, BackupView.Of(backup, parts, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
}
