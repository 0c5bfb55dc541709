using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What a new cache is made from a backup for, and so which machine makes it and who clears up.</summary>
internal sealed record RestorePurpose(
    string Machine, OperationKind Operation, UseKind Use, Func<ServiceParts, RestoreJob, FailureCause, CancellationToken, Task> AbandonAsync)
{
    /// <summary>A cache that the user asked for: a failed one stays, with the reason, until the user removes it.</summary>
    public static RestorePurpose NewCache { get; } = new(
        StateMachines.Restore,
        OperationKind.Restore,
        UseKind.Restore,
        (parts, job, failure, token) => new AbandonRestore(parts).RunAsync(job, failure, token));

    /// <summary>A throw-away cache, by which a backup is proven: it goes whatever happens.</summary>
    public static RestorePurpose Test { get; } = new(
        StateMachines.RestoreTest,
        OperationKind.RestoreTest,
        UseKind.RestoreTest,
        (parts, job, failure, token) => new AbandonRestoreTest(parts).RunAsync(job, failure, token));
}
