using System.Buffers;
using CacheBackup.Core.Rdb;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Fuzz.Targets;

/// <summary>Writes the entries of a file into another, as they are stored, and fingerprints them.</summary>
internal sealed class CopyingHandler : RdbHandler
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Fingerprint _entries = new();
    private RdbVersion _version;
    private RdbWriter? _writer;

    public UInt128 Entries => _entries.Value;

    public byte[] Complete()
    {
        _writer!.Complete();
        return _output.WrittenSpan.ToArray();
    }

    public override void OnHeader(RdbVersion version)
    {
        _version = version;
        _writer = new RdbWriter(RdbWriter.Nearest(version), _output);
    }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        _entries.Text(1, key);
        _entries.Call(1, entry.Database, (long)entry.Type, entry.ExpireAtMilliseconds ?? -1);
        _writer!.BeginEntry(
            new RdbEntryHead
            {
                Database = entry.Database,
                Magic = _version.Magic,
                Type = entry.Type,
                ExpireAtMilliseconds = entry.ExpireAtMilliseconds,
                IdleSeconds = entry.IdleSeconds,
                Frequency = entry.Frequency,
            },
            key);
    }

    public override void OnValue(ReadOnlySpan<byte> fragment)
    {
        _entries.Bytes(fragment);
        _writer!.WriteValue(fragment);
    }

    public override void OnEntryEnd(in RdbEntryEnd end)
    {
        _entries.Call(2, end.ValueLengthBytes, end.ItemCount);
        _writer!.EndEntry();
    }
}
