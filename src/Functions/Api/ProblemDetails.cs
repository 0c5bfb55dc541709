using CacheBackup.Core;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Functions.Api;

/// <summary>An error as RFC 9457 has it. <paramref name="Code"/> is stable: programs may rely on it.</summary>
public sealed record ProblemDetails(string Type, string Title, int Status, string Code, string Detail)
{
    public static ProblemDetails Of(Exception exception) => exception switch
    {
        InvalidRequestException e => Create(400, "invalid-request", "The request breaks a rule.", e.Message),
        TargetNotConfiguredException e => Create(403, "target-not-configured", "The place is not among the configured ones.", e.Message),
        NotFoundException e => Create(404, "not-found", "There is no such thing.", e.Message),
        CatalogConflictException e => Create(409, "conflict", "The state does not allow it.", e.Message),
        BackupQuotaExceededException e => Create(429, "quota-exceeded", "A quota is used up.", e.Message),
        BackupNotRestorableException e => Create(409, "backup-not-restorable", "The backup cannot be restored there.", e.Message),
        BackupDamagedException e => Create(409, "backup-damaged", "The backup is damaged.", e.Message),
        ProvisioningException e => Create(409, "provisioning", "No such cache can be made here.", e.Message),
        CatalogUnreadableException e => Create(500, "catalog-unreadable", "A catalog document cannot be read.", e.Message),
        StoreFullException e => Create(507, "store-full", "The object store is full.", e.Message),
        StoreAccessDeniedException e => Create(500, "store-access-denied", "The object store refuses access.", e.Message),
        TransientException e => Create(503, "unavailable", "Try again.", e.Message),
        OperationCanceledException => Create(503, "timed-out", "Try again.", "The request took longer than it may."),
        _ => Create(500, "internal", "This is a fault of ours.", $"An unexpected {exception.GetType().Name} came up; the log has it."),
    };

    public static ProblemDetails Create(int status, string code, string title, string detail) => new("about:blank", title, status, code, detail);
}
