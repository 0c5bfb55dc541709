using System.Security.Cryptography;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Looks for what a <see cref="RangeWalk"/> hands out on the target. One batch is gathered while the one before is read back.
/// </summary>
/// <param name="formats">What the target takes: what it cannot keep of a stream is not asked of it.</param>
internal sealed class EntryComparer(IRestoreTarget target, TargetFormats formats) : IRangeConsumer
{
    private readonly CompareTally _tally = new();
    private CompareBatch _gathering = new();
    private CompareBatch _asked = new();
    private Task<IReadOnlyList<ReadBack>>? _answers;
    private long _nowMilliseconds = long.MinValue;
    private HashSet<string>? _targetLibraries;
    private readonly ValueDigester _digester = new(new ValueDecoderOptions { DuplicateCheckElements = 0, IgnoreStreamCounters = !formats.HasStreamCounters });
    private RestoreEntry _large;

    public async ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken)
    {
        await JudgeAskedAsync(cancellationToken);
        _targetLibraries ??= [.. (await target.ListFunctionsAsync(cancellationToken)).Select(DigestOf)];
        string digest = DigestOf(librarySource);
        _tally.AddFunction(digest);
        if (!_targetLibraries.Contains(digest))
        {
            _tally.Add(new CompareDifference(CompareDifferenceKind.Function, 1, OffsetBytes: offsetBytes));
        }
    }

    public async ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (!_gathering.Takes(entry))
        {
            await AskAsync(cancellationToken);
        }

        _gathering.Add(entry);
    }

    public ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        _large = entryWithoutValue;
        Begin(entryWithoutValue, valueLengthBytes);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        _digester.Append(fragment.Span);
        return ValueTask.CompletedTask;
    }

    public async ValueTask OnLargeEndAsync(CancellationToken cancellationToken)
    {
        ValueDigest expected = _digester.Complete();
        await AskAsync(cancellationToken);
        await JudgeAskedAsync(cancellationToken);
        var request = new ReadBackRequest(_large.Key, _large.Type, default, _large.ExpireAtMilliseconds);
        IReadOnlyList<ReadBack> answer = await target.ReadBackAsync(_large.Database, [request], cancellationToken);
        await JudgeAsync(_large, answer[0], answer[0].Digest == expected, cancellationToken);
    }

    /// <summary>Waits for what was asked and sums up.</summary>
    public async Task<CompareReport> FinishAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        await JudgeAskedAsync(cancellationToken);
        return _tally.ToReport();
    }

    /// <summary>Waits until nothing is under way on the target any more.</summary>
    public async Task SettleAsync()
    {
        if (_answers is { } answers)
        {
            await ((Task)answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ValueDigest DigestOf(in RestoreEntry entry)
    {
        Begin(entry, entry.Value.Length);
        _digester.Append(entry.Value.Span);
        return _digester.Complete();
    }

    private void Begin(in RestoreEntry entry, long valueLengthBytes)
    {
        if (entry.IsItem)
        {
            _digester.BeginText(valueLengthBytes);
        }
        else
        {
            _digester.Begin(entry.Version.Magic, entry.Type, entry.OffsetBytes);
        }
    }

    public static string DigestOf(ReadOnlyMemory<byte> librarySource) => Convert.ToHexStringLower(SHA256.HashData(librarySource.Span));

    /// <summary>Judges the batch that was asked for before, then asks for the one that was gathered.</summary>
    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        await JudgeAskedAsync(cancellationToken);
        if (_gathering.IsEmpty)
        {
            return;
        }

        (_gathering, _asked) = (_asked, _gathering);
        _answers = target.ReadBackAsync(_asked.Database, _asked.Seal(), cancellationToken);
    }

    private async ValueTask JudgeAskedAsync(CancellationToken cancellationToken)
    {
        if (_answers is null)
        {
            return;
        }

        IReadOnlyList<ReadBack> answers = await _answers;
        _answers = null;
        for (int i = 0; i < answers.Count; i++)
        {
            RestoreEntry entry = _asked.Entries[i];
            ReadBack answer = answers[i];
            bool isSameValue = answer.SamePayload || (answer.Exists && answer.Digest == DigestOf(entry));
            await JudgeAsync(entry, answer, isSameValue, cancellationToken);
        }

        _asked.Clear();
    }

    private async ValueTask JudgeAsync(RestoreEntry entry, ReadBack answer, bool isSameValue, CancellationToken cancellationToken)
    {
        if (!answer.Exists)
        {
            if (await HasExpiredAsync(entry, cancellationToken))
            {
                _tally.AddExpired(entry.Database);
            }
            else
            {
                _tally.AddDifferentKey(CompareDifferenceKind.Missing, entry);
            }
        }
        else if (!isSameValue || answer.Flags != entry.Flags)
        {
            _tally.AddDifferentKey(CompareDifferenceKind.Value, entry);
        }
        else if (!IsSameExpiry(entry, answer.ExpireAtMilliseconds))
        {
            _tally.AddDifferentKey(CompareDifferenceKind.Expiry, entry);
        }
        else
        {
            _tally.AddEqual(entry.ExpireAtMilliseconds);
        }
    }

    /// <summary>Memcached's clock ticks once a second, each server's at its own moment.</summary>
    private static long ToleranceOf(in RestoreEntry entry) => entry.IsItem ? 1000 : 0;

    private static bool IsSameExpiry(in RestoreEntry entry, long? found) =>
        found == entry.ExpireAtMilliseconds || Math.Abs((found - entry.ExpireAtMilliseconds) ?? long.MaxValue) <= ToleranceOf(entry);

    /// <summary>Whether its expiry has passed by the target's clock, which is asked again only where the last answer does not settle it.</summary>
    private async ValueTask<bool> HasExpiredAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (entry.ExpireAtMilliseconds is not { } expiry)
        {
            return false;
        }

        expiry -= ToleranceOf(entry);
        if (expiry > _nowMilliseconds)
        {
            _nowMilliseconds = await target.TimeAsync(cancellationToken);
        }

        return expiry <= _nowMilliseconds;
    }
}
