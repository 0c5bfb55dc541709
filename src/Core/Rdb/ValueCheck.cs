namespace CacheBackup.Core.Rdb;

/// <summary>Decodes every value as it passes, and so checks all structure inside of it.</summary>
public sealed class ValueCheck : RdbHandler
{
    private readonly ValueDecoder _decoder = new(new NoElements());
    private RdbMagic _magic;

    public override void OnHeader(RdbVersion version) => _magic = version.Magic;

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key) =>
        _decoder.Begin(_magic, entry.Type, entry.ValueOffsetBytes);

    public override void OnValue(ReadOnlySpan<byte> fragment) => _decoder.Write(fragment);

    public override void OnEntryEnd(in RdbEntryEnd end) => _decoder.Complete();

    private sealed class NoElements : ElementHandler;
}
