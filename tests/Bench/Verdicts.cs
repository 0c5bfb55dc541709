using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace CacheBackup.Bench;

/// <summary>What the measurements say about the figures to reach.</summary>
internal static class Verdicts
{
    private const double MostCpuSecondsPerGigabyte = 3;

    /// <summary>One row for each figure whose contenders ran.</summary>
    public static IEnumerable<Verdict> Of(IReadOnlyList<Result> results, long rdbBytes) =>
    [
        .. Files(results),
        .. Snapshots(results, rdbBytes / 1e9),
        .. Scans(results),
        .. Memcached(results),
        .. Restores(results, rdbBytes / 1e9),
        .. Memory(results),
        .. Checksums(results),
    ];

    private static IEnumerable<Verdict> Files(IReadOnlyList<Result> results)
    {
        if (Find(results, "check", "redis-check-rdb") is { } checker)
        {
            double wanted = HasShaExtensions() ? 8 : 4;
            yield return Faster("verify against redis-check-rdb", checker.Seconds / Find(results, "verify", string.Empty)!.Seconds, wanted);
            yield return Faster("inspect against redis-check-rdb", checker.Seconds / Find(results, "inspect", string.Empty)!.Seconds, 3);
        }
    }

    private static IEnumerable<Verdict> Snapshots(IReadOnlyList<Result> results, double gigabytes)
    {
        if (Find(results, "snapshot", "redis-cli") is not { } peer)
        {
            yield break;
        }

        foreach (Result ours in results.Where(result => result.Contender.Job == "snapshot" && result != peer))
        {
            yield return Faster($"{ours.Contender.Name}, against redis-cli --rdb", peer.Seconds / ours.Seconds, 0.97);
            yield return Below($"{ours.Contender.Name}, CPU seconds for each GB", ours.CpuSeconds!.Value / gigabytes, MostCpuSecondsPerGigabyte, "0.00");
        }
    }

    private static IEnumerable<Verdict> Scans(IReadOnlyList<Result> results)
    {
        if (Find(results, ScanLine.Job, ScanLine.Loop) is { } loop)
        {
            yield return Faster("scan against a bare C loop", Pairwise(loop, Find(results, ScanLine.Job, "cache-backup")!), 0.95);
        }

        foreach (Result ours in results.Where(result => result.Contender.Job.StartsWith(ScanLine.Job, StringComparison.Ordinal) && IsOurs(result)))
        {
            yield return Below($"peak MB of {ours.Contender.Job}, {ours.Contender.Bytes / 1e6:0} MB", ours.PeakBytes!.Value / 1e6, 128, "0");
        }
    }

    private static IEnumerable<Verdict> Memcached(IReadOnlyList<Result> results)
    {
        if (Find(results, MemcachedLine.Job, "cache-backup") is not { } ours)
        {
            yield break;
        }

        if (Find(results, MemcachedLine.Job, MemcachedLine.Loop) is { } loop)
        {
            yield return Faster("Memcached's items against a bare C loop", Pairwise(loop, ours), 0.9);
        }

        if (Find(results, MemcachedLine.Job, MemcachedLine.Script) is { } script)
        {
            yield return Faster("Memcached's items against memcached-tool dump", script.Seconds / ours.Seconds, 10);
        }

        foreach (Result one in results.Where(result => result.Contender.Job.StartsWith(MemcachedLine.Job, StringComparison.Ordinal) && IsOurs(result)))
        {
            yield return Below($"peak MB of {one.Contender.Job}, {one.Contender.Bytes / 1e6:0} MB", one.PeakBytes!.Value / 1e6, 128, "0");
        }
    }

    private static bool IsOurs(Result result) => result.Contender.Name.StartsWith("cache-backup", StringComparison.Ordinal);

    /// <summary>The median of how many times as long each of the peer's runs took as ours that took its turn beside it.</summary>
    private static double Pairwise(Result peer, Result ours) =>
        Result.Median(peer.Samples.Zip(ours.Samples, (theirs, own) => theirs.Seconds / own.Seconds));

    private static IEnumerable<Verdict> Restores(IReadOnlyList<Result> results, double gigabytes)
    {
        if (Find(results, RestoreLine.Restore, string.Empty) is not { } ours)
        {
            yield break;
        }

        yield return Below("restore, of the time of the server's own load", ours.Seconds / Find(results, RestoreLine.Load, string.Empty)!.Seconds, 1.15, "0.00");
        yield return Below("restore, CPU seconds for each GB", ours.CpuSeconds!.Value / gigabytes, MostCpuSecondsPerGigabyte, "0.00");
        double compare = Find(results, RestoreLine.RestoreAndCompare, string.Empty)!.Seconds - ours.Seconds;
        yield return Below("compare after a restore, of the time of the restore", compare / ours.Seconds, 1, "0.00");
        yield return Faster("restore against redis-cli --pipe with element commands", Find(results, RestoreLine.Pipe, string.Empty)!.Seconds / ours.Seconds, 2.3);
    }

    private static IEnumerable<Verdict> Memory(IReadOnlyList<Result> results) =>
        from result in results
        where result.Contender.Job.StartsWith("memory,", StringComparison.Ordinal)
        let most = MemoryLine.LargeValues.Any(value => result.Contender.Job.EndsWith(value, StringComparison.Ordinal)) ? 256 : 128
        select Below($"peak MB of {result.Contender.Name}, {result.Contender.Job[8..]}", result.PeakBytes!.Value / 1e6, most, "0");

    private static IEnumerable<Verdict> Checksums(IReadOnlyList<Result> results) =>
        Find(results, "crc", string.Empty) is { } crc ? [Faster("CRC-64, GB/s", CrcLine.GigabytesPerSecond(crc), Pclmulqdq.IsSupported ? 5 : 1)] : [];

    private static Result? Find(IReadOnlyList<Result> results, string job, string name) =>
        results.FirstOrDefault(result => result.Contender.Job == job && result.Contender.Name.StartsWith(name, StringComparison.Ordinal));

    private static Verdict Faster(string figure, double measured, double atLeast) => new(
        figure, measured.ToString("0.00", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"at least {atLeast}"), measured >= atLeast);

    private static Verdict Below(string figure, double measured, double atMost, string format) => new(
        figure, measured.ToString(format, CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"at most {atMost}"), measured <= atMost);

    private static bool HasShaExtensions() => File.ReadAllText("/proc/cpuinfo").Contains(" sha_ni", StringComparison.Ordinal);
}
