using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Writes down all that a reader tells, in one text, so that two runs can be compared.</summary>
public sealed class RecordingHandler : RdbHandler
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _value = [];
    private int _fragments;

    public List<(RdbEntryStart Start, byte[] Key, byte[] Value, RdbEntryEnd End, int Fragments)> Entries { get; } = [];

    public List<(byte[] Source, long OffsetBytes)> Functions { get; } = [];

    public string Text => _text.ToString();

    private RdbEntryStart Start { get; set; }

    private byte[] Key { get; set; } = [];

    public override void OnHeader(RdbVersion version) => Line($"header {version}");

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Line($"aux {Hex(name)} {Hex(value)}");

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
        Functions.Add((librarySource.ToArray(), offsetBytes));
        Line($"function {offsetBytes} {Hex(librarySource)}");
    }

    public override void OnSelectDatabase(int database) => Line($"select {database}");

    public override void OnResize(long keys, long expiringKeys) => Line($"resize {keys} {expiringKeys}");

    public override void OnSlotInfo(long slot, long keys, long expiringKeys) => Line($"slot {slot} {keys} {expiringKeys}");

    public override void OnSlotImport(long offsetBytes) => Line($"import {offsetBytes}");

    public override void OnModuleAuxiliary(RdbModule module, long offsetBytes) => Line($"module {module} {offsetBytes}");

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        Start = entry;
        Key = key.ToArray();
        _value.Clear();
        _fragments = 0;
        Line($"start {entry} {Hex(key)}");
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        Assert.NotEqual(0, fragment.Length);
        _value.AddRange(fragment);
        _fragments++;
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        Entries.Add((Start, Key, [.. _value], end, _fragments));
        Line($"end {end} {Convert.ToHexString([.. _value])}");
    }

    public override void OnEnd(long offsetBytes) => Line($"eof {offsetBytes}");

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    private void Line(string text) => _text.Append(text).Append('\n');
}
