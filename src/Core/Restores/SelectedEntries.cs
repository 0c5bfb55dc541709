namespace CacheBackup.Core.Restores;

/// <summary>Hands on what fits a selection, and counts both sides.</summary>
internal sealed class SelectedEntries(IRangeConsumer inner, EntrySelection selection) : IRangeConsumer
{
    private readonly Func<RestoreEntry, bool> _fits = selection.ToTest();
    private readonly SortedDictionary<int, SelectedKeys> _selected = [];
    private bool _isLargeSelected;

    /// <summary>Keys that did not fit.</summary>
    public long LeftOut { get; private set; }

    public IReadOnlyList<SelectedKeys> Selected => [.. _selected.Values];

    public ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

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
        if (!_fits(entry))
        {
            LeftOut++;
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
