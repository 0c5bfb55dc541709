namespace CacheBackup.Core.Operations;

/// <summary>How far the removal of a cache's server has come.</summary>
/// <param name="Step">What comes next.</param>
/// <param name="Resource">Its name in ElastiCache; empty where there is nothing.</param>
public sealed record ServerRemoval(ServerRemovalStep Step, string Resource)
{
    public static ServerRemoval Gone { get; } = new(ServerRemovalStep.Gone, string.Empty);
}
