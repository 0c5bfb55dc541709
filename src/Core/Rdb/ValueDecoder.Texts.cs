namespace CacheBackup.Core.Rdb;

/// <content>Strings: gathered or streamed, expanded, and given to whom they belong.</content>
public sealed partial class ValueDecoder
{
    private readonly TextBuffer _text = new();

    private LzfExpander? _expander;
    private StringToken _textToken;
    private long _textOffsetBytes;
    private TextUse _textUse;
    private bool _isStreaming;

    private TextUse CurrentUse() => _walk.Step switch
    {
        ValueStep.Item => _isBlob ? TextUse.Blob : TextUse.Element,
        ValueStep.ModuleMark => TextUse.Opaque,
        _ => TextUse.Stream,
    };

    private void OnText(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes)
    {
        if (_walk.Step == ValueStep.Item && !_isBlob && token.Form == StringForm.Raw)
        {
            EmitText(_roles[_walk.Part], stored, offsetBytes);
            return;
        }

        UseText(CurrentUse(), token, stored, offsetBytes);
    }

    private void OnTextStart(in StringToken token, long offsetBytes)
    {
        _textToken = token;
        _textOffsetBytes = offsetBytes;
        _textUse = CurrentUse();
        _isStreaming = _textUse == TextUse.Element && token.Length > WholeTextBytes;
        if (_isStreaming)
        {
            BeginStreaming(token);
        }
        else
        {
            RequireHoldable(_textUse, token, offsetBytes);
            _text.Clear();
        }
    }

    private void OnTextPart(ReadOnlySpan<byte> stored)
    {
        if (_isStreaming)
        {
            StreamText(stored);
        }
        else if (_textUse != TextUse.Opaque)
        {
            _text.Add(stored);
        }
    }

    private void OnTextEnd()
    {
        if (_isStreaming)
        {
            EndStreaming();
        }
        else
        {
            UseText(_textUse, _textToken, _text.Stored, _textOffsetBytes);
        }
    }

    /// <summary>A string whose stored bytes are all at hand.</summary>
    private void UseText(TextUse use, in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes)
    {
        switch (use)
        {
            case TextUse.Element when token.Form == StringForm.Compressed && token.Length > WholeTextBytes:
                _textToken = token;
                _textOffsetBytes = offsetBytes;
                BeginStreaming(token);
                StreamText(stored);
                EndStreaming();
                break;
            case TextUse.Element:
                EmitText(_roles[_walk.Part], _text.Expand(token, stored, offsetBytes), offsetBytes);
                break;
            case TextUse.Blob:
                RequireHoldable(use, token, offsetBytes);
                DecodeBlob(_text.Expand(token, stored, offsetBytes), offsetBytes);
                break;
            case TextUse.Stream:
                RequireHoldable(use, token, offsetBytes);
                _stream.OnText(_walk.Step, _text.Expand(token, stored, offsetBytes), offsetBytes);
                break;
        }
    }

    private void RequireHoldable(TextUse use, in StringToken token, long offsetBytes)
    {
        if (use is TextUse.Blob or TextUse.Stream && (token.Length > _options.MaxBlobBytes || token.StoredBytes > _options.MaxBlobBytes))
        {
            throw new RdbFormatException(RdbError.TextTooLong, offsetBytes, $"An encoded part of a value is longer than {_options.MaxBlobBytes} bytes");
        }
    }

    private void BeginStreaming(in StringToken token)
    {
        var role = _roles[_walk.Part];
        if (IsUnique(role))
        {
            _seen.Begin();
        }

        if (token.Form == StringForm.Compressed)
        {
            _expander ??= new LzfExpander(OnStreamedText);
            _expander.Begin();
        }

        _handler.OnTextStart(role, token.Length);
    }

    private void StreamText(ReadOnlySpan<byte> stored)
    {
        if (_textToken.Form != StringForm.Compressed)
        {
            OnStreamedText(stored);
        }
        else if (!_expander!.TryExpand(stored, _textToken.Length))
        {
            throw BadCompression();
        }
    }

    private void OnStreamedText(ReadOnlySpan<byte> part)
    {
        if (IsUnique(_roles[_walk.Part]))
        {
            _seen.AddPart(part);
        }

        _handler.OnTextPart(part);
    }

    private void EndStreaming()
    {
        if (_textToken.Form == StringForm.Compressed && !_expander!.TryEnd(_textToken.Length))
        {
            throw BadCompression();
        }

        var role = _roles[_walk.Part];
        if (IsUnique(role) && !_seen.TryAddParts())
        {
            throw Duplicate(_textOffsetBytes);
        }

        _handler.OnTextEnd();
        AfterElement(role);
    }

    private RdbFormatException BadCompression() =>
        new(RdbError.BadCompression, _textOffsetBytes, "A compressed string does not expand to its stated length");
}
