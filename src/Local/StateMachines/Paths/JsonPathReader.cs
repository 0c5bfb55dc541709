using System.Globalization;
using System.Text;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>Reads the text of a path into its segments.</summary>
internal ref struct JsonPathReader(string text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at = 1;

    public List<PathSegment> Read()
    {
        List<PathSegment> segments = [];
        while (_at < _text.Length)
        {
            segments.Add(_text[_at] switch
            {
                '.' => ReadDot(),
                '[' => ReadBracket(),
                _ => throw Refuse("a '.' or a '[' is expected"),
            });
        }

        return segments;
    }

    /// <summary>Whether the letter may stand in a name after a dot; any other name needs brackets and quotes.</summary>
    public static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-';

    private PathSegment ReadDot()
    {
        _at++;
        if (_at < _text.Length && _text[_at] == '*')
        {
            _at++;
            return PathSegment.Wildcard;
        }

        if (_at < _text.Length && _text[_at] == '.')
        {
            throw Refuse("a deep scan ('..') is not implemented");
        }

        int start = _at;
        while (_at < _text.Length && IsNameLetter(_text[_at]))
        {
            _at++;
        }

        return _at > start ? PathSegment.OfProperty(_text[start.._at].ToString()) : throw Refuse("a member's name is expected");
    }

    private PathSegment ReadBracket()
    {
        _at++;
        PathSegment segment = _at >= _text.Length
            ? throw Refuse("the bracket is not closed")
            : _text[_at] switch
            {
                '*' => ReadStar(),
                '\'' or '"' => PathSegment.OfProperty(ReadQuoted(_text[_at])),
                '?' => throw Refuse("a filter is not implemented"),
                _ => PathSegment.OfIndex(ReadIndex()),
            };
        if (_at >= _text.Length || _text[_at] != ']')
        {
            throw Refuse("']' is expected (slices and lists of members or indexes are not implemented)");
        }

        _at++;
        return segment;
    }

    private PathSegment ReadStar()
    {
        _at++;
        return PathSegment.Wildcard;
    }

    private string ReadQuoted(char quote)
    {
        var name = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == quote)
            {
                _at++;
                return name.ToString();
            }

            if (_text[_at] == '\\' && ++_at == _text.Length)
            {
                break;
            }

            name.Append(_text[_at]);
        }

        throw Refuse("the quoted name is not closed");
    }

    private int ReadIndex()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || (_at == start && _text[_at] == '-')))
        {
            _at++;
        }

        return int.TryParse(_text[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
            ? index
            : throw Refuse("an index, a quoted name or '*' is expected");
    }

    private readonly PathSyntaxException Refuse(string why) => new($"The path '{_text}' at character {_at + 1}: {why}.");
}
