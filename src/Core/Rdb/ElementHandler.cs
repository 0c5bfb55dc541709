namespace CacheBackup.Core.Rdb;

/// <summary>
/// What a <see cref="ValueDecoder"/> finds in a value, in stored order and free of encoding: numbers are texts, compressed texts are expanded. Every
/// method does nothing until it is overridden. Spans are valid only during the call.
/// </summary>
/// <remarks>
/// A text of at most <see cref="ValueDecoder.WholeTextBytes"/> always comes whole, by <see cref="OnText"/>; a longer one comes either so or as
/// <see cref="OnTextStart"/>, any number of <see cref="OnTextPart"/>, <see cref="OnTextEnd"/>.
/// </remarks>
public abstract class ElementHandler
{
    /// <summary>A value begins.</summary>
    public virtual void OnValueStart(RdbType type)
    {
    }

    public virtual void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
    }

    public virtual void OnTextStart(ElementRole role, long lengthBytes)
    {
    }

    public virtual void OnTextPart(ReadOnlySpan<byte> part)
    {
    }

    public virtual void OnTextEnd()
    {
    }

    /// <summary>The score of the member before. Never not-a-number.</summary>
    public virtual void OnScore(double score)
    {
    }

    /// <summary>When the field before, whose value has come, expires: absolute, in milliseconds. Not called for fields that do not.</summary>
    public virtual void OnFieldExpiry(long expireAtMilliseconds)
    {
    }

    /// <summary>A stream's entry; as many pairs of field and value follow as <paramref name="fields"/> says.</summary>
    public virtual void OnStreamEntry(StreamId id, long fields)
    {
    }

    /// <summary>Comes once for every stream, after its entries and before its groups.</summary>
    public virtual void OnStream(in StreamState state)
    {
    }

    /// <summary>A consumer group; its pending entries and then its consumers follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="lastId">The last entry that was delivered.</param>
    /// <param name="entriesRead">Entries ever read by it; −1: not known.</param>
    public virtual void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead)
    {
    }

    /// <summary>An entry that was delivered to a consumer of the group and not acknowledged. Ids ascend.</summary>
    public virtual void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries)
    {
    }

    /// <summary>A consumer of the group; the ids of the entries pending for it follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="seenAtMilliseconds">When it last asked.</param>
    /// <param name="activeAtMilliseconds">When it last got an entry; as seen, where the encoding does not keep it; −1: never.</param>
    public virtual void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds)
    {
    }

    /// <summary>One of the group's pending entries is this consumer's. Ids ascend.</summary>
    public virtual void OnConsumerPendingEntry(StreamId id)
    {
    }

    /// <summary>The next stored bytes of a module's value; only the module can say what they mean.</summary>
    public virtual void OnModuleData(ReadOnlySpan<byte> data)
    {
    }

    /// <summary>The value is complete and was found good.</summary>
    public virtual void OnValueEnd()
    {
    }
}
