using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Commands;

/// <summary>
/// The claim of a restore from a file on its target. It is written before the first key is and removed after the last: while it is there, the
/// keys on the target may be this restore's own, and it may replace them.
/// </summary>
internal sealed class RestoreJournal : IDisposable
{
    private readonly string _path;
    private readonly SemaphoreSlim _gate = new(1);
    private RestoreJournalEntry _entry;

    private RestoreJournal(string path, RestoreJournalEntry entry)
    {
        _path = path;
        _entry = entry;
    }

    public int Lanes => _entry.Lanes;

    /// <summary>The server process that is filled.</summary>
    public string TargetRunId => _entry.TargetRunId;

    public int DoneCount => _entry.DoneRanges.Count;

    /// <summary>True if a restore was begun with this journal and not ended.</summary>
    public static bool Exists(string path) => File.Exists(path);

    /// <summary>Begins a new restore.</summary>
    /// <exception cref="IOException">The journal cannot be written there.</exception>
    public static async Task<RestoreJournal> BeginAsync(string path, RestoreJournalEntry entry, CancellationToken cancellationToken)
    {
        RestoreJournal journal = new(path, entry);
        try
        {
            await journal.WriteAsync(entry, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The journal of how far the restore has come cannot be written: {e.Message} Name another place for it with --journal.", e);
        }

        return journal;
    }

    /// <summary>Goes on with an interrupted one.</summary>
    /// <exception cref="InvalidRequestException">There is none, or it was of another file or another server; the message says what to do.</exception>
    /// <param name="wanted">What would be begun: the same file, part of it, and server process.</param>
    public static async Task<RestoreJournal> ResumeAsync(string path, RestoreJournalEntry wanted, CancellationToken cancellationToken)
    {
        RestoreJournalEntry entry = await ReadAsync(path, cancellationToken);
        if (entry.ContentDigest != wanted.ContentDigest)
        {
            throw new InvalidRequestException(
                $"The journal {path} is of another file: this one's content has changed since. Empty {entry.Target}, remove the journal, and restore anew.");
        }

        if (!AreSame(entry.Selection, wanted.Selection) || entry.LeaveOutRefused != wanted.LeaveOutRefused)
        {
            throw new InvalidRequestException(
                $"The interrupted restore took another part of the file. Go on with the same --match, --type, --db and --leave-out-refused; or empty {entry.Target}, remove {path}, and restore anew.");
        }

        return entry.TargetRunId == wanted.TargetRunId
            ? new RestoreJournal(path, entry)
            : throw new InvalidRequestException(
                $"The interrupted restore went into {entry.Target}, which is not this server or was started again since: what it holds is unknown. "
                + $"Empty the cache, remove {path}, and restore anew.");
    }

    public bool IsDone(int firstSegment) => _entry.DoneRanges.Contains(firstSegment);

    /// <summary>How many segments of a range are restored.</summary>
    public int ReachedIn(int firstSegment) => _entry.Reached?.GetValueOrDefault(firstSegment) ?? 0;

    /// <summary>Notes, durably, that so many segments of a range are restored. From any lane.</summary>
    public async Task MarkReachedAsync(int firstSegment, int segments, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Dictionary<int, int> reached = new(_entry.Reached ?? new Dictionary<int, int>()) { [firstSegment] = segments };
            await WriteAsync(_entry with { Reached = reached }, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Notes, durably, that one range is restored. From any lane.</summary>
    public async Task MarkDoneAsync(int firstSegment, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(_entry with { DoneRanges = [.. _entry.DoneRanges, firstSegment] }, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The restore has ended well.</summary>
    public void Remove() => File.Delete(_path);

    public void Dispose() => _gate.Dispose();

    private static bool AreSame(EntrySelection? one, EntrySelection? other) => one?.Match == other?.Match
        && (one?.Types ?? []).Order().SequenceEqual((other?.Types ?? []).Order())
        && (one?.Databases ?? []).Order().SequenceEqual((other?.Databases ?? []).Order());

    private static async Task<RestoreJournalEntry> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), FileReportJson.Default.RestoreJournalEntry)
                ?? throw new JsonException("It is empty.");
        }
        catch (FileNotFoundException e)
        {
            throw new InvalidRequestException($"There is no interrupted restore to go on with: no journal at {path}. Leave --resume out.", e);
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException($"{path} is no journal of a restore: {e.Message}", e);
        }
    }

    private async Task WriteAsync(RestoreJournalEntry entry, CancellationToken cancellationToken)
    {
        await PrivateFile.WriteAsync(_path, JsonSerializer.Serialize(entry, FileReportJson.Default.RestoreJournalEntry), cancellationToken);
        _entry = entry;
    }
}
