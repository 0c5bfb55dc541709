using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Writes down a value's elements, long texts put together again, one a line.</summary>
public sealed class RecordingElements : ElementHandler
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _parts = [];
    private ElementRole _role;
    private long _length;

    public string Text => _text.ToString();

    public List<(ElementRole Role, byte[] Bytes)> Texts { get; } = [];

    /// <summary>What each text would be as a string, where it is one.</summary>
    public IEnumerable<string> Strings => Texts.Select(t => Encoding.UTF8.GetString(t.Bytes));

    public bool HasEnded { get; private set; }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        Texts.Add((role, text.ToArray()));
        Line($"{role} {Encoding.Latin1.GetString(text)}");
    }

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        Assert.True(lengthBytes > ValueDecoder.WholeTextBytes);
        _role = role;
        _length = lengthBytes;
        _parts.Clear();
    }

    public override void OnTextPart(ReadOnlySpan<byte> part) => _parts.AddRange(part);

    public override void OnTextEnd()
    {
        Assert.Equal(_length, _parts.Count);
        OnText(_role, [.. _parts]);
    }

    public override void OnScore(double score) => Line($"score {score.ToString("R", CultureInfo.InvariantCulture)}");

    public override void OnFieldExpiry(long expireAtMilliseconds) => Line($"expiry {expireAtMilliseconds}");

    public override void OnStreamEntry(StreamId id, long fields) => Line($"entry {id} {fields}");

    public override void OnStream(in StreamState state) => Line(state.ToString());

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead) =>
        Line($"group {Encoding.Latin1.GetString(name)} {lastId} {entriesRead}");

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries) =>
        Line($"pending {id} {deliveredAtMilliseconds} {deliveries}");

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds) =>
        Line($"consumer {Encoding.Latin1.GetString(name)} {seenAtMilliseconds} {activeAtMilliseconds}");

    public override void OnConsumerPendingEntry(StreamId id) => Line($"owns {id}");

    public override void OnModuleData(ReadOnlySpan<byte> data) => Texts.Add((default, data.ToArray()));

    public override void OnValueEnd() => HasEnded = true;

    private void Line(string text) => _text.Append(text).Append('\n');
}
