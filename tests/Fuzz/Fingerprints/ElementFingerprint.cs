using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Fingerprints;

/// <summary>A fingerprint of what a decoder tells; texts that come in parts count as if they came whole.</summary>
internal sealed class ElementFingerprint : ElementHandler
{
    private readonly Fingerprint _told = new();
    private ElementRole _role;
    private long _statedBytes;
    private long _givenBytes;

    public UInt128 Value => _told.Value;

    public long Calls { get; private set; }

    public void Reset()
    {
        _told.Reset();
        Calls = 0;
    }

    public override void OnValueStart(RdbType type) => Call(1, (long)type);

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        Calls++;
        _told.Text((100 + (long)role), text);
    }

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _role = role;
        _statedBytes = lengthBytes;
        _givenBytes = 0;
    }

    public override void OnTextPart(ReadOnlySpan<byte> part)
    {
        _givenBytes += part.Length;
        _told.Bytes(part);
    }

    public override void OnTextEnd()
    {
        if (_statedBytes != _givenBytes)
        {
            throw new BrokenPromiseException($"A text of {_statedBytes} bytes came as {_givenBytes}");
        }

        Call(100 + (long)_role, _givenBytes);
    }

    public override void OnScore(double score)
    {
        if (double.IsNaN(score))
        {
            throw new BrokenPromiseException("A score that is no number was told");
        }

        Call(2, BitConverter.DoubleToInt64Bits(score));
    }

    public override void OnFieldExpiry(long expireAtMilliseconds) => Call(3, expireAtMilliseconds);

    public override void OnStreamEntry(StreamId id, long fields) => Call(4, (long)id.Milliseconds, (long)id.Sequence, fields);

    public override void OnStream(in StreamState state)
    {
        Call(5, state.Length, (long)state.EntriesAdded);
        Call(5, (long)state.LastId.Milliseconds, (long)state.LastId.Sequence);
        Call(5, (long)state.FirstId.Milliseconds, (long)state.FirstId.Sequence);
        Call(5, (long)state.MaxDeletedId.Milliseconds, (long)state.MaxDeletedId.Sequence);
    }

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead)
    {
        _told.Text(6, name);
        Call(6, (long)lastId.Milliseconds, (long)lastId.Sequence, entriesRead);
    }

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries)
    {
        Call(7, (long)id.Milliseconds, (long)id.Sequence);
        Call(7, deliveredAtMilliseconds, deliveries);
    }

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds)
    {
        _told.Text(8, name);
        Call(8, seenAtMilliseconds, activeAtMilliseconds);
    }

    public override void OnConsumerPendingEntry(StreamId id) => Call(9, (long)id.Milliseconds, (long)id.Sequence);

    public override void OnModuleData(ReadOnlySpan<byte> data) => _told.Bytes(data);

    public override void OnValueEnd() => Call(10);

    private void Call(long call, long first = 0, long second = 0, long third = 0)
    {
        Calls++;
        _told.Call(call, first, second, third);
    }
}
