using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Backup;

/// <summary>The snapshot that ElastiCache is to be asked to delete.</summary>
/// <param name="Kind"><c>none</c>, <c>self-designed</c> or <c>serverless</c>.</param>
/// <param name="Snapshot">Its name; empty where there is none.</param>
public sealed record RemoveNativeFilesOutput(string Kind, string Snapshot)
{
    public static RemoveNativeFilesOutput Of(NativeSnapshotId? left) => left switch
    {
        null => new RemoveNativeFilesOutput("none", string.Empty),
        { Serverless: true } => new RemoveNativeFilesOutput("serverless", left.Name),
        _ => new RemoveNativeFilesOutput("self-designed", left.Name),
    };
}
