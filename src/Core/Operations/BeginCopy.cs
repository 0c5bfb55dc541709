using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The copy machine's first step: sees that both records are as they were, and lists the shards.</summary>
public sealed class BeginCopy(ServiceParts parts)
{
    /// <returns>The numbers of the shards to copy, in order.</returns>
    /// <exception cref="NoLongerOwnerException">The copy was abandoned.</exception>
    public async Task<IReadOnlyList<int>> RunAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        CopySource records = await CopySource.ReadAsync(parts.Catalog, job, cancellationToken);
        return [.. records.Source.Shards.Select(s => s.Number)];
    }
}
