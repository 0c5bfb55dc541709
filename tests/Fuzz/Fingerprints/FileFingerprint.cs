using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Fingerprints;

/// <summary>
/// A fingerprint of what a reader tells and, if asked, of the elements of all values, whatever the chunks that the file came in.
/// </summary>
internal sealed class FileFingerprint : RdbHandler
{
    private readonly Fingerprint _told = new();
    private readonly ElementFingerprint _elements = new();
    private readonly ValueDecoder? _decoder;
    private long _valueBytes;

    public FileFingerprint(bool decodes) => _decoder = decodes ? new ValueDecoder(_elements) : null;

    public (UInt128 Told, UInt128 Elements) Value => (_told.Value, _elements.Value);

    /// <summary>What the types of values mean; told by the header, where there is one.</summary>
    public RdbMagic Magic { get; set; }

    public void Reset()
    {
        _told.Reset();
        _elements.Reset();
    }

    public override void OnHeader(RdbVersion version)
    {
        Magic = version.Magic;
        _told.Call(1, (long)version.Magic, version.Number);
    }

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _told.Text(2, name);
        _told.Text(2, value);
    }

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
        _told.Text(3, librarySource);
        _told.Call(3, offsetBytes);
    }

    public override void OnSelectDatabase(int database) => _told.Call(4, database);

    public override void OnResize(long keys, long expiringKeys) => _told.Call(5, keys, expiringKeys);

    public override void OnSlotInfo(long slot, long keys, long expiringKeys) => _told.Call(6, slot, keys, expiringKeys);

    public override void OnSlotImport(long offsetBytes) => _told.Call(7, offsetBytes);

    public override void OnModuleAuxiliary(RdbModule module, long offsetBytes) => _told.Call(8, (long)module.Id, offsetBytes);

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _told.Text(9, key);
        _told.Call(9, (long)entry.Type, entry.Database, entry.ExpireAtMilliseconds ?? -1);
        _told.Call(9, entry.IdleSeconds ?? -1, entry.Frequency ?? -1, entry.OffsetBytes);
        _told.Call(9, entry.KeyOffsetBytes, entry.ValueOffsetBytes);
        _valueBytes = 0;
        _decoder?.Begin(Magic, entry.Type, entry.ValueOffsetBytes);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        if (fragment.IsEmpty)
        {
            throw new BrokenPromiseException("An empty fragment was told");
        }

        _valueBytes += fragment.Length;
        _told.Bytes(fragment);
        _decoder?.Write(fragment);
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        if (end.ValueLengthBytes != _valueBytes)
        {
            throw new BrokenPromiseException($"A value of {end.ValueLengthBytes} bytes came as {_valueBytes}");
        }

        _told.Call(10, end.EndOffsetBytes, end.ValueLengthBytes, end.ItemCount);
        _decoder?.Complete();
    }

    public override void OnEnd(long offsetBytes) => _told.Call(11, offsetBytes);
}
