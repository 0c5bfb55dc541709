using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Api;

/// <summary>The routes that find out whether a backup is still good.</summary>
public sealed class ProofRoutes(ServiceParts parts)
{
    public IEnumerable<Route> All =>
    [
        new("POST", "backups/{name}/verify", VerifyAsync),
    ];

    private async Task<ApiResponse> VerifyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        BackupName name = BackupName.FromCatalog(request.Path["name"].ToLowerInvariant());
        return Show(await new StartVerify(parts).RunAsync(name, cancellationToken));
    }

    private static ApiResponse Show(Core.Model.Backup backup) =>
        ApiResponse.Of(202, BackupView.Of(backup, withShards: true), ApiJson.Default.BackupView, $"/backups/{backup.Name}");
}
