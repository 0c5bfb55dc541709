namespace CacheBackup.Core.Model;

/// <summary>The last time that all stored bytes of a backup were read back, and what that showed.</summary>
public sealed record BackupVerification
{
    /// <summary>Findings that a backup's record lists; more are only counted.</summary>
    public const int MaxListed = 20;

    public required DateTimeOffset At { get; init; }

    public required ExecutionId Execution { get; init; }

    /// <summary>Bytes of data files that were read and digested.</summary>
    public required long Bytes { get; init; }

    /// <summary>0: every byte is as it was recorded.</summary>
    public required long FindingCount { get; init; }

    /// <summary>The first findings, at most <see cref="MaxListed"/>; null where there are none.</summary>
    public IReadOnlyList<ShardFinding>? Findings { get; init; }

    public bool IsGood => FindingCount == 0;

    /// <summary>The findings in one sentence or two, for a status's reason and for refusals.</summary>
    public string Describe()
    {
        string first = string.Join(" ", (Findings ?? []).Take(3).Select(finding => $"Shard {finding.Shard}: {finding.Message}"));
        return FindingCount == 0 ? $"Verified at {At:u}." : $"{FindingCount} finding(s) when it was verified at {At:u}. {first}";
    }
}
