using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Whether a restore reaches a backup's data.</summary>
internal static class RestoreReach
{
    /// <summary>In AWS, functions that reach caches reach S3 by the endpoint of their network, which serves its own Region alone.</summary>
    /// <exception cref="BackupNotRestorableException">The data lie in another Region.</exception>
    public static void Require(ServiceParts parts, Backup backup)
    {
        if (parts.Region is { } here && backup.Location is { Region: { } there } elsewhere && there != here)
        {
            throw new BackupNotRestorableException(
                $"The data of backup {backup.Name} lie in {elsewhere.Location}, in {there}, and what fills caches reaches buckets in {here} alone. "
                + "Copy the backup into this service's own bucket and restore the copy, or restore it by a service in that Region.");
        }
    }
}
