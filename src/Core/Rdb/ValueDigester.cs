namespace CacheBackup.Core.Rdb;

/// <summary>
/// Computes the <see cref="ValueDigest"/> of one stored value after another, pushed in fragments, by decoding it: a digest is also a proof that the
/// value is sound. Not for use by two threads at once.
/// </summary>
public sealed class ValueDigester
{
    [ThreadStatic]
    private static ValueDigester? _ofThread;

    private readonly ElementDigest _elements = new();
    private readonly ValueDecoder _decoder;

    /// <param name="options">Null: the defaults.</param>
    public ValueDigester(ValueDecoderOptions? options = null) => _decoder = new ValueDecoder(_elements, options);

    /// <summary>A digester that has begun a value.</summary>
    /// <exception cref="RdbFormatException">The type is not known under that magic.</exception>
    public ValueDigester(RdbMagic magic, RdbType type)
        : this() => Begin(magic, type);

    /// <summary>The digest of a value that is all at hand.</summary>
    /// <exception cref="RdbFormatException">The value is damaged, not whole, or longer than it should be.</exception>
    public static ValueDigest Compute(RdbMagic magic, RdbType type, ReadOnlySpan<byte> value)
    {
        // Making one costs more than digesting a small value.
        var digester = _ofThread ??= new ValueDigester();
        digester.Begin(magic, type);
        digester.Append(value);
        return digester.Complete();
    }

    /// <inheritdoc cref="ValueDecoder.Begin(RdbMagic, RdbType, long)"/>
    public void Begin(RdbMagic magic, RdbType type, long offsetBytes = 0) => _decoder.Begin(magic, type, offsetBytes);

    /// <summary>Begins a string whose bytes follow as a client knows them, neither compressed nor as a number.</summary>
    /// <param name="lengthBytes">How many of them, exactly.</param>
    public void BeginText(long lengthBytes)
    {
        Begin(RdbMagic.Redis, RdbType.String);
        Span<byte> head = stackalloc byte[RdbLength.MaxBytes];
        Append(head[..RdbLength.Write(head, (ulong)lengthBytes)]);
    }

    /// <inheritdoc cref="ValueDecoder.Write"/>
    public void Append(ReadOnlySpan<byte> fragment) => _decoder.Write(fragment);

    /// <summary>The digest of the value whose bytes have ended.</summary>
    /// <exception cref="RdbFormatException">The value is not whole, is empty, or its parts contradict each other.</exception>
    public ValueDigest Complete()
    {
        _decoder.Complete();
        return _elements.ToDigest();
    }
}
