using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The place of files that ElastiCache reads.</summary>
internal static class StagedFiles
{
    /// <exception cref="TargetNotAvailableHereException">There is no exchange bucket here.</exception>
    public static IObjectStore Exchange(ServiceParts parts, RestoreJob job) => parts.Exchange
        ?? throw new TargetNotAvailableHereException(
            $"The files of backup {job.Backup} go to ElastiCache through an exchange bucket, and there is none here. Run the service in AWS.");
}
