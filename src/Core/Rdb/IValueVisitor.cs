namespace CacheBackup.Core.Rdb;

/// <summary>
/// What a <see cref="ValueWalk"/> meets inside a value. Implemented by structs, so that a walk that looks at nothing costs nothing. The walk's
/// own <see cref="ValueWalk.Step"/> and <see cref="ValueWalk.Part"/> say which string or number it is.
/// </summary>
internal interface IValueVisitor
{
    /// <summary>A string whose stored bytes are all at hand.</summary>
    void Text(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes);

    /// <summary>A string whose stored bytes follow in parts.</summary>
    void TextStart(in StringToken token, long offsetBytes);

    void TextPart(ReadOnlySpan<byte> stored);

    void TextEnd();

    void Number(ulong number, long offsetBytes);

    /// <summary>Bytes of a fixed size: a score, a time, an id.</summary>
    void Fixed(ReadOnlySpan<byte> bytes, long offsetBytes);
}
