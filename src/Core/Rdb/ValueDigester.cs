namespace CacheBackup.Core.Rdb;

/// <summary>
/// Computes the <see cref="ValueDigest"/> of one stored value after another, pushed in fragments, by decoding it: a digest is also a proof that the
/// value is sound. Not for use by two threads at once.
/// </summary>
public sealed class ValueDigester
{
    private readonly ElementDigest _elements = new();
    private readonly ValueDecoder _decoder;

    /// <param name="options">Null: the defaults.</param>
    public ValueDigester(ValueDecoderOptions? options = null) => _decoder = new ValueDecoder(_elements, options);

    /// <summary>The digest of a value that is all at hand.</summary>
    /// <exception cref="RdbFormatException">The value is damaged, not whole, or longer than it should be.</exception>
    public static ValueDigest Compute(RdbVersion version, RdbType type, ReadOnlySpan<byte> value)
    {
        var digester = new ValueDigester();
        digester.Begin(version, type);
        digester.Write(value);
        return digester.Complete();
    }

    /// <inheritdoc cref="ValueDecoder.Begin"/>
    public void Begin(RdbVersion version, RdbType type, long offsetBytes = 0) => _decoder.Begin(version, type, offsetBytes);

    /// <inheritdoc cref="ValueDecoder.Write"/>
    public void Write(ReadOnlySpan<byte> fragment) => _decoder.Write(fragment);

    /// <summary>The digest of the value whose bytes have ended.</summary>
    /// <exception cref="RdbFormatException">The value is not whole, is empty, or its parts contradict each other.</exception>
    public ValueDigest Complete()
    {
        _decoder.Complete();
        return _elements.ToDigest();
    }
}
