using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Recording;

/// <summary>What ElastiCache holds, with every look at it noted.</summary>
public sealed class RecordingSources(IManagedSources inner, CallRecorder recorder) : IManagedSources
{
    public const string Target = "elasticache";

    public Task<ManagedDescription?> FindAsync(ManagedResource resource, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "FindCache");
        return inner.FindAsync(resource, cancellationToken);
    }

    public Task<IReadOnlyList<Tag>> ReadTagsAsync(string arn, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "ReadTags", arn.Contains("snapshot:", StringComparison.Ordinal) ? "snapshot" : "cache");
        return inner.ReadTagsAsync(arn, cancellationToken);
    }
}
