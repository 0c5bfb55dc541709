namespace CacheBackup.Core.Rdb;

/// <summary>
/// Decodes one stored value after another, pushed in fragments of any size, and checks every structure inside of it: a value that it passes is one
/// that a server with sanitized loading takes. What it finds it tells an <see cref="ElementHandler"/>. Long texts stream, expanded or not;
/// encoded parts (ziplists, listpacks, …) are held whole, within <see cref="ValueDecoderOptions.MaxBlobBytes"/>, and only where a fragment cuts
/// them or they are compressed.
/// </summary>
/// <remarks>
/// Stricter than servers in two places where a real server's data cannot differ: ids of a stream's entries and pending entries must ascend, and its
/// length must be the number of its entries. Not for use by two threads at once. After an exception, <see cref="Begin(RdbMagic, RdbType, long)"/> starts anew.
/// </remarks>
public sealed partial class ValueDecoder
{
    /// <summary>A text up to this long is always given whole.</summary>
    public const int WholeTextBytes = 1 << 16;

    private readonly ElementHandler _handler;
    private readonly ValueDecoderOptions _options;
    private readonly StreamDecoder _stream;
    private readonly CutToken _token = new();

    private ValueWalk _walk;
    private RdbType _type;
    private long _startOffsetBytes;
    private long _offsetBytes;
    private bool _isComplete = true;

    public ValueDecoder(ElementHandler handler, ValueDecoderOptions? options = null)
    {
        _handler = handler;
        _options = options ?? ValueDecoderOptions.Default;
        _stream = new StreamDecoder(handler, _options);
        _seen = new DuplicateFinder(_options.DuplicateCheckElements);
    }

    /// <summary>Decodes a value that is all at hand.</summary>
    /// <exception cref="RdbFormatException">The value is damaged, not whole, or longer than it should be.</exception>
    public static void Decode(RdbVersion version, RdbType type, ReadOnlySpan<byte> value, ElementHandler handler)
    {
        var decoder = new ValueDecoder(handler);
        decoder.Begin(version, type);
        decoder.Write(value);
        decoder.Complete();
    }

    /// <inheritdoc cref="Begin(RdbMagic, RdbType, long)"/>
    /// <param name="version">Of the file or payload; its magic decides what a type means.</param>
    /// <param name="type">How the value is stored.</param>
    /// <param name="offsetBytes">Where it stands; errors count from there.</param>
    public void Begin(RdbVersion version, RdbType type, long offsetBytes = 0) => Begin(version.Magic, type, offsetBytes);

    /// <summary>Begins a value.</summary>
    /// <param name="magic">Of the file or payload: it decides what a type means.</param>
    /// <param name="type">How the value is stored.</param>
    /// <param name="offsetBytes">Where it stands; errors count from there.</param>
    /// <exception cref="RdbFormatException">The type is not known under that magic.</exception>
    public void Begin(RdbMagic magic, RdbType type, long offsetBytes = 0)
    {
        if (ValueShape.Of(type, magic) is not { } shape)
        {
            throw new RdbFormatException(
                type == RdbType.ModulePreRelease ? RdbError.ModulePreRelease : RdbError.UnknownType,
                offsetBytes,
                $"{(int)type} is not a type of {magic} that can be decoded");
        }

        _type = type;
        _startOffsetBytes = offsetBytes;
        _offsetBytes = offsetBytes;
        _isComplete = false;
        _token.Clear();
        _walk.Begin(shape, type, (long)ByteWindow.MaxLength);
        BeginItems(magic);
        if (shape.FirstStep == ValueStep.StreamNodeCount)
        {
            _stream.Begin(type);
        }

        _handler.OnValueStart(type);
    }

    /// <summary>The next bytes of the value, as stored.</summary>
    /// <exception cref="RdbFormatException">The value is damaged, or ended before.</exception>
    public void Write(ReadOnlySpan<byte> fragment)
    {
        int position = 0;
        while (_token.Count > 0 && position < fragment.Length && !_isComplete)
        {
            byte next = fragment[position++];
            var token = _token.Extend(next, _offsetBytes + position);
            Advance(ref token);
            _token.Settle(token);
        }

        if (!_isComplete && position < fragment.Length)
        {
            var window = new ByteWindow(fragment, _offsetBytes) { Position = position };
            Advance(ref window);
            position = window.Position;
            if (!_isComplete)
            {
                _token.Keep(window);
                position = fragment.Length;
            }
        }

        if (position < fragment.Length)
        {
            throw new RdbFormatException(RdbError.TrailingBytes, _offsetBytes + position, "Bytes follow the end of a value");
        }

        _offsetBytes += fragment.Length;
        if (_type == RdbType.Module2 && fragment.Length > 0)
        {
            _handler.OnModuleData(fragment);
        }
    }

    /// <summary>To be called when the value's bytes have ended.</summary>
    /// <exception cref="RdbFormatException">The value is not whole, is empty, or its parts contradict each other.</exception>
    public void Complete()
    {
        if (!_isComplete)
        {
            throw new RdbFormatException(RdbError.UnexpectedEnd, _offsetBytes, "A value ends before it is whole");
        }

        switch (_type)
        {
            case RdbType.Stream or RdbType.Stream2 or RdbType.Stream3:
                _stream.Complete(_offsetBytes);
                break;
            case RdbType.String or RdbType.Module2:
                break;
            default:
                if (_elements == 0)
                {
                    throw new RdbFormatException(RdbError.EmptyValue, _startOffsetBytes, "A collection has no element");
                }

                break;
        }

        _handler.OnValueEnd();
    }

    private void Advance(ref ByteWindow window)
    {
        var visitor = new Visitor(this);
        _isComplete = _walk.Advance(ref window, ref visitor);
    }

    /// <summary>Passes on what the walk meets; a struct, so that the walk is compiled for it.</summary>
    private readonly struct Visitor(ValueDecoder decoder) : IValueVisitor
    {
        public void Text(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes) => decoder.OnText(token, stored, offsetBytes);

        public void TextStart(in StringToken token, long offsetBytes) => decoder.OnTextStart(token, offsetBytes);

        public void TextPart(ReadOnlySpan<byte> stored) => decoder.OnTextPart(stored);

        public void TextEnd() => decoder.OnTextEnd();

        public void Number(ulong number, long offsetBytes) => decoder.OnNumber(number, offsetBytes);

        public void Fixed(ReadOnlySpan<byte> bytes, long offsetBytes) => decoder.OnFixed(bytes, offsetBytes);
    }
}
