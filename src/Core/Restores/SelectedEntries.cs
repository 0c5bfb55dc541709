using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Hands on what fits a selection and the target, and counts all sides: what the manifest says of the whole is not true of a part.
/// </summary>
/// <param name="selection">Null: everything that is there, which is less than the whole where damaged segments are passed over.</param>
/// <param name="formats">What the target takes; the rest is left out. Null: that is not looked at.</param>
/// <param name="slots">The slots whose keys are taken; null: all.</param>
internal sealed class SelectedEntries(
    IRangeConsumer inner, EntrySelection? selection, TargetFormats? formats = null, SlotSet? slots = null) : IRangeConsumer
{
    private readonly bool[]? _owned = slots?.ToTable();
    private readonly Func<RestoreEntry, bool> _fits = selection?.ToTest() ?? (_ => true);
    private readonly SortedDictionary<int, SelectedKeys> _selected = [];
    private bool _isLargeSelected;

    /// <summary>Keys that did not fit.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Keys that are selected and that the target cannot hold.</summary>
    public long Refused { get; private set; }

    public IReadOnlyList<SelectedKeys> Selected => [.. _selected.Values];

    /// <summary>Null: the range is taken whole, and nothing need be counted.</summary>
    /// <param name="target">What the target takes.</param>
    public static SelectedEntries? Around(IRangeConsumer inner, RestoreRange range, TargetFormats target) =>
        range.Selection is not null || range.SkipDamaged || range.LeaveOutRefused || range.Slots is not null
            ? new SelectedEntries(inner, range.Selection, range.LeaveOutRefused ? target : null, range.Slots)
            : null;

    public ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken) =>
        selection is null && formats?.HasFunctions != false
            ? inner.OnFunctionAsync(librarySource, offsetBytes, cancellationToken)
            : ValueTask.CompletedTask;

    public ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken) =>
        Count(entry) ? inner.OnEntryAsync(entry, cancellationToken) : ValueTask.CompletedTask;

    public ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        _isLargeSelected = Count(entryWithoutValue);
        return _isLargeSelected
            ? inner.OnLargeStartAsync(entryWithoutValue, valueLengthBytes, cancellationToken)
            : ValueTask.CompletedTask;
    }

    public ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        _isLargeSelected ? inner.OnLargeFragmentAsync(fragment, cancellationToken) : ValueTask.CompletedTask;

    public ValueTask OnLargeEndAsync(CancellationToken cancellationToken) =>
        _isLargeSelected ? inner.OnLargeEndAsync(cancellationToken) : ValueTask.CompletedTask;

    private bool Count(in RestoreEntry entry)
    {
        if (!_fits(entry) || (_owned is not null && !_owned[KeySlot.Of(entry.Key.Span)]))
        {
            LeftOut++;
            return false;
        }

        if (formats?.WayOf(entry.Version.Magic, entry.Type) == ValueWay.None)
        {
            Refused++;
            return false;
        }

        SelectedKeys before = _selected.GetValueOrDefault(entry.Database) ?? new SelectedKeys(entry.Database, 0, 0);
        _selected[entry.Database] = before with
        {
            Keys = before.Keys + 1,
            KeysWithExpiry = before.KeysWithExpiry + (entry.ExpireAtMilliseconds is null ? 0 : 1),
        };
        return true;
    }
}
