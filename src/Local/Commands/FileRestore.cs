using System.Collections.Concurrent;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Restores a file into an empty cache: verify the whole file, check the target, claim it, restore over several connections, compare. Nothing
/// is written before structure and checksum of all of it are known to be good; the insides of values are the server's to judge.
/// </summary>
internal sealed class FileRestore(FileRestoreOptions options, ToolContext context)
{
    /// <summary>Every connection holds two segments: with less than backups have, many connections fit into little memory.</summary>
    private const int SegmentBytes = 2 * 1024 * 1024;

    private readonly LocalCredentials _credentials = new(context.ReadVariable);

    /// <exception cref="RdbFormatException">The file is not good; the target was not touched.</exception>
    /// <exception cref="BackupNotRestorableException">The target cannot take it; it was not touched.</exception>
    /// <exception cref="TargetNotEmptyException">The target holds something; it was not touched.</exception>
    /// <exception cref="RestoreMismatchException">What the target holds now is not what is in the file.</exception>
    public async Task<FileRestoreReport> RunAsync(CancellationToken cancellationToken)
    {
        RequireOptions();
        using FileStream file = FileIndexing.Open(options.Path);
        IndexedContent content = await FileIndexing.RunAsync(file, SegmentBytes, "verify", context.Console, cancellationToken);
        using RestoreJournal journal = await ClaimAsync(content, cancellationToken);

        ObjectKey key = new($"file/{content.ContentDigest}");
        using FileObjectStore store = new(file, key);
        IReadOnlyList<RestoreWork> ranges = RestorePlan.Of([content.Index], journal.Lanes).Ranges;
        int before = journal.DoneCount;
        RestoreReport restored = await RestoreAsync(store, key, content.Index, ranges, journal, cancellationToken);
        await RemoveLeftoversAsync(key, content, cancellationToken);
        CompareReport? compared = options.Compare ? await CompareAsync(store, key, content, ranges, journal, cancellationToken) : null;
        compared?.ThrowIfDifferent();
        journal.Remove();
        return new FileRestoreReport(content.Summary.Keys, restored, before, compared);
    }

    private string JournalPath => options.JournalPath ?? options.Path + ".restore-journal";

    private void RequireOptions()
    {
        if (options.Connections is < 1 or > RestorePlan.MaxLanes)
        {
            throw new BadUsageException($"--connections is 1 to {RestorePlan.MaxLanes}.");
        }

        if (!options.Resume && RestoreJournal.Exists(JournalPath))
        {
            throw new InvalidRequestException(
                $"A restore of this file was interrupted: its journal is {JournalPath}. Go on with --resume; or empty the cache, remove the journal, and begin anew.");
        }
    }

    /// <summary>Sees that the target can take the file and is empty, or this restore's own already.</summary>
    private async Task<RestoreJournal> ClaimAsync(IndexedContent content, CancellationToken cancellationToken)
    {
        await using IRestoreTarget target = await ConnectAsync(cancellationToken);
        CacheProbe probe = await target.DescribeAsync(cancellationToken);
        RdbSummary summary = content.Summary;
        CacheVersion? version = CacheVersion.TryParse(summary.ServerVersion, out CacheVersion known) ? known : null;
        RestoreSubject subject = RestoreSubject.Of(FileInspection.EngineOf(summary), version, [summary]).Only(options.Selection);
        RequireRestorable(subject, probe);
        RestoreJournalEntry entry = new()
        {
            ContentDigest = content.ContentDigest.ToString(),
            Target = options.Target.Endpoint.ToString(),
            TargetRunId = probe.RunId,
            Lanes = options.Connections,
            Selection = options.Selection,
            LeaveOutRefused = options.LeaveOutRefused,
        };
        if (options.Resume)
        {
            return await RestoreJournal.ResumeAsync(JournalPath, entry, cancellationToken);
        }

        RestoreCheck.RequireEmpty(probe);
        return await RestoreJournal.BeginAsync(JournalPath, entry, cancellationToken);
    }

    private void RequireRestorable(RestoreSubject subject, CacheProbe probe)
    {
        try
        {
            RestoreCheck.RequireRestorable(
                subject, probe, options.AllowEngineChange ? EngineChange.Any : EngineChange.Refused, options.LeaveOutRefused);
        }
        catch (BackupNotRestorableException e) when (subject.Engine != probe.Engine && !options.AllowEngineChange)
        {
            throw new BackupNotRestorableException($"{e.Message} The option is --allow-engine-change.", e);
        }
        catch (BackupNotRestorableException e) when (e.Message.Contains("left out", StringComparison.Ordinal))
        {
            throw new BackupNotRestorableException($"{e.Message} The option is --leave-out-refused.", e);
        }
    }

    private async Task<RestoreReport> RestoreAsync(
        IObjectStore store,
        ObjectKey key,
        SegmentIndex index,
        IReadOnlyList<RestoreWork> ranges,
        RestoreJournal journal,
        CancellationToken cancellationToken)
    {
        RestoreWork[] left = [.. ranges.Where(range => !journal.IsDone(range.FirstSegment))];
        await using ProgressPhase progress = context.Console.Begin("restore", left.Sum(range => range.Bytes));
        ConcurrentBag<RestoreReport> reports = [];
        if (left.Length > 0)
        {
            await using IRestoreTarget first = await ConnectAsync(cancellationToken);
            await new RestoreRun(store, context.Time).RunAsync(RangeOf(key, index, left[0]).Header(), first, progress: null, cancellationToken);
        }

        RestorePace? pace = options.Rate?.Share(1, context.Time);
        await new TargetConnections(ConnectAsync, journal.TargetRunId, context.Time).RunAsync(
            left,
            journal.Lanes,
            progress,
            async (work, target, lane, token) =>
            {
                int before = journal.ReachedIn(work.FirstSegment);
                RestoreRun run = new(store, context.Time)
                {
                    Pace = pace,
                    Reached = (segments, _, noted) => journal.MarkReachedAsync(work.FirstSegment, before + segments, noted),
                };
                reports.Add(await run.RunAsync(RangeOf(key, index, work).From(before), target, lane, token));
                await journal.MarkDoneAsync(work.FirstSegment, token);
            },
            cancellationToken);
        progress.Complete();
        RestoreReport none = new() { Restored = 0, ExpiredBefore = 0, Functions = 0, Bytes = 0 };
        return reports.Aggregate(none, (sum, report) => sum.Plus(report));
    }

    private async Task<CompareReport> CompareAsync(
        IObjectStore store,
        ObjectKey key,
        IndexedContent content,
        IReadOnlyList<RestoreWork> ranges,
        RestoreJournal journal,
        CancellationToken cancellationToken)
    {
        await using ProgressPhase progress = context.Console.Begin("compare", ranges.Sum(range => range.Bytes));
        ConcurrentBag<CompareReport> reports = [];
        await new TargetConnections(ConnectAsync, journal.TargetRunId, context.Time).RunAsync(
            ranges,
            journal.Lanes,
            progress,
            async (work, target, lane, token) =>
                reports.Add(await new CompareRun(store, context.Time).RunAsync(RangeOf(key, content.Index, work), target, lane, token)),
            cancellationToken);
        CompareReport sum = reports.Aggregate(CompareReport.Empty, (sum, report) => sum.Plus(report));
        await using IRestoreTarget whole = await ConnectAsync(cancellationToken);
        CompareReport all = await CompareTotals.RunAsync(whole, content.Summary.Databases, sum, cancellationToken);
        progress.Complete();
        return all;
    }

    private RestoreRange RangeOf(ObjectKey key, SegmentIndex index, RestoreWork work) => new(key, index, work.FirstSegment, work.LastSegment)
    {
        Selection = options.Selection,
        LeaveOutRefused = options.LeaveOutRefused,
        IsJustIndexed = true,
    };

    /// <summary>What attempts that were cut off left half-made, compared or not.</summary>
    private async Task RemoveLeftoversAsync(ObjectKey key, IndexedContent content, CancellationToken cancellationToken)
    {
        await using IRestoreTarget target = await ConnectAsync(cancellationToken);
        await RestoreLeftovers.RemoveAsync(
            target, key, content.Index, content.Summary.Types.Where(type => type.Value > 0).Select(type => type.Key), cancellationToken);
    }

    private Task<IRestoreTarget> ConnectAsync(CancellationToken cancellationToken) =>
        new LiveCaches(_credentials, context.Time).ConnectTargetAsync(options.Target, cancellationToken);
}
