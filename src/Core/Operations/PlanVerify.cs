using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The verify machine's first step: sees that the backup is still held for this execution, and lists its shards.</summary>
public sealed class PlanVerify(ServiceParts parts)
{
    /// <returns>The numbers of the shards, in order.</returns>
    /// <exception cref="NoLongerOwnerException">The verification was abandoned.</exception>
    public async Task<IReadOnlyList<int>> RunAsync(VerifyJob job, CancellationToken cancellationToken) =>
        [.. (await VerifyRecords.ReadAsync(parts.Catalog, job, cancellationToken)).Shards.Select(shard => shard.Number)];
}
