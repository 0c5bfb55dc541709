using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>The second reading: entries go straight to the writers of their outputs.</summary>
internal sealed class RewriteCopy(RewriteOptions options, IReadOnlyList<RdbWriter> writers) : RdbHandler
{
    private RdbMagic _magic;
    private int _database;
    private RdbWriter? _current;

    public override void OnHeader(RdbVersion version)
    {
        _magic = version.Magic;
        _database = 0;
    }

    public override void OnSelectDatabase(int database) => _database = database;

    public override void OnSlotInfo(long slot, long keys, long expiringKeys)
    {
        if (options.Route.KeepsSlots && slot is >= 0 and < Restores.KeySlot.Count && options.Route.OfSlot((int)slot) is { } output)
        {
            writers[output].WriteSlotInfo(_database, slot, keys, expiringKeys);
        }
    }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _current = options.Route.Of(entry, key) is { } output ? writers[output] : null;
        _current?.BeginEntry(RdbEntryHead.Of(entry, _magic), key);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment) => _current?.WriteValue(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end) => _current?.EndEntry();
}
