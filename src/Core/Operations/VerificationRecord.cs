using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>How the outcome of reading a backup back gets into its record and to those who listen.</summary>
internal static class VerificationRecord
{
    public static BackupVerification Of(IReadOnlyList<(int Shard, VerifyReport Report)> reports, ExecutionId execution, DateTimeOffset at)
    {
        ShardFinding[] findings =
        [
            .. reports.SelectMany(r => r.Report.Findings.Select(f => new ShardFinding(r.Shard, f.Kind, f.Message, f.Segment, f.OffsetBytes)))
                .Take(BackupVerification.MaxListed),
        ];
        return new BackupVerification
        {
            At = at,
            Execution = execution,
            Bytes = reports.Sum(r => r.Report.Bytes),
            FindingCount = reports.Sum(r => r.Report.FindingCount),
            Findings = findings.Length == 0 ? null : findings,
        };
    }

    /// <summary>The record with the verification in it, damaged if there was a finding.</summary>
    public static Backup Apply(Backup backup, BackupVerification verification)
    {
        Backup verified = backup with { Verification = verification };
        return verification.IsGood
            ? verified
            : (backup.Status == BackupStatus.Damaged ? verified : verified.To(BackupStatus.Damaged, verification.At)) with
            {
                StatusReason = $"The stored bytes are not what was recorded: {verification.Describe()}",
            };
    }

    /// <summary>Tells the outcome that stands in the record. Telling it again is harmless.</summary>
    public static async Task TellAsync(ServiceParts parts, Backup backup, CancellationToken cancellationToken)
    {
        BackupVerification verification = backup.Verification!;
        if (!verification.IsGood)
        {
            // A catalog that is rebuilt from the data alone must know it too.
            await ManifestCopies.WriteAsync(parts, backup, cancellationToken);
        }

        BackupEvent told = verification.IsGood
            ? BackupEvent.Of(
                EventCode.BackupVerified,
                verification.At,
                $"Backup {backup.Name} was read back: all {verification.Bytes:N0} bytes are as they were recorded.",
                backup.Cache,
                backup.Name,
                verification.Execution)
            : BackupEvent.Of(
                EventCode.BackupDamaged,
                verification.At,
                $"Backup {backup.Name} is damaged: {verification.Describe()}",
                backup.Cache,
                backup.Name,
                verification.Execution);
        await parts.Events.PublishAsync(told, cancellationToken);
    }
}
