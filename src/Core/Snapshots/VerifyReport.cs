namespace CacheBackup.Core.Snapshots;

/// <summary>What reading a stored data file back has shown.</summary>
/// <param name="Findings">What is wrong, at most <see cref="MaxListed"/>; none: every byte is as recorded.</param>
/// <param name="FindingCount">All findings, also those that are not listed.</param>
/// <param name="Bytes">Bytes that were read and digested.</param>
public sealed record VerifyReport(IReadOnlyList<VerifyFinding> Findings, long FindingCount, long Bytes)
{
    public const int MaxListed = 100;

    public bool IsGood => FindingCount == 0;
}
