using System.Text;
using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>
/// Reads a call such as <c>States.Format('{} of {}', $.name, States.ArrayLength($.items))</c>. Arguments are strings in apostrophes
/// (with <c>\'</c>, <c>\{</c>, <c>\}</c>, <c>\\</c>), numbers, <c>true</c>, <c>false</c>, <c>null</c>, paths and calls.
/// </summary>
internal sealed class IntrinsicReader
{
    // Step Functions' documented bound on calls within one field.
    private const int MaximumNesting = 10;

    private readonly string _text;
    private int _at;
    private int _calls;

    private IntrinsicReader(string text) => _text = text;

    /// <exception cref="PathSyntaxException">Not a call, an unknown intrinsic, or a wrong number of arguments.</exception>
    public static Expression Read(string text)
    {
        var reader = new IntrinsicReader(text);
        Expression call = reader.ReadCall();
        reader.SkipSpace();
        return reader._at == text.Length ? call : throw reader.Refuse("nothing may follow the call");
    }

    private Expression.Call ReadCall()
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        string name = _text[start.._at];
        if (!Intrinsic.All.TryGetValue(name, out Intrinsic? intrinsic))
        {
            throw Refuse(name.Length == 0 ? "a path or an intrinsic is expected" : $"the intrinsic '{name}' is not implemented");
        }

        if (++_calls > MaximumNesting)
        {
            throw Refuse($"one field may hold {MaximumNesting} intrinsics");
        }

        List<Expression> arguments = ReadArguments(isTemplateFirst: name == "States.Format");
        if (arguments.Count < intrinsic.MinimumArguments || arguments.Count > intrinsic.MaximumArguments)
        {
            throw Refuse($"{name} does not take {arguments.Count} arguments");
        }

        return new Expression.Call(intrinsic, arguments);
    }

    private List<Expression> ReadArguments(bool isTemplateFirst)
    {
        Expect('(');
        List<Expression> arguments = [];
        SkipSpace();
        if (TryTake(')'))
        {
            return arguments;
        }

        while (true)
        {
            SkipSpace();
            arguments.Add(ReadArgument(keepsBraces: isTemplateFirst && arguments.Count == 0));
            SkipSpace();
            if (TryTake(')'))
            {
                return arguments;
            }

            Expect(',');
        }
    }

    private Expression ReadArgument(bool keepsBraces)
    {
        char first = _at < _text.Length ? _text[_at] : throw Refuse("an argument is expected");
        return first switch
        {
            '\'' => new Expression.Constant(JsonBuild.Text(ReadString(keepsBraces))),
            '$' => new Expression.Selection(PathExpression.Parse(ReadPath())),
            'S' => ReadCall(),
            _ => new Expression.Constant(ReadLiteral()),
        };
    }

    /// <summary>
    /// The text between apostrophes. The first argument of States.Format keeps its escapes of braces and backslashes: they say which
    /// braces are not a place for an argument.
    /// </summary>
    private string ReadString(bool keepsBraces)
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            char letter = _text[_at];
            if (letter == '\'')
            {
                _at++;
                return text.ToString();
            }

            if (letter == '\\')
            {
                letter = ++_at < _text.Length && _text[_at] is '\'' or '{' or '}' or '\\'
                    ? _text[_at]
                    : throw Refuse(@"a backslash in a string must be followed by an apostrophe, a brace or a backslash");
                if (keepsBraces && letter != '\'')
                {
                    text.Append('\\');
                }
            }

            text.Append(letter);
        }

        throw Refuse("the string is not closed");
    }

    /// <summary>A path ends at the next comma or parenthesis that does not stand in quotes.</summary>
    private string ReadPath()
    {
        int start = _at;
        char quote = '\0';
        for (; _at < _text.Length; _at++)
        {
            char letter = _text[_at];
            if (quote == '\0' ? letter is ',' or ')' or ' ' : letter == '\\')
            {
                if (quote == '\0')
                {
                    break;
                }

                _at++;
            }
            else if (letter is '\'' or '"')
            {
                quote = quote == '\0' ? letter : quote == letter ? '\0' : quote;
            }
        }

        return _text[start..Math.Min(_at, _text.Length)];
    }

    private JsonElement ReadLiteral()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is not (',' or ')' or ' '))
        {
            _at++;
        }

        string literal = _text[start.._at];
        try
        {
            JsonElement value = JsonElement.Parse(literal);
            return value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
                ? value
                : throw Refuse($"'{literal}' is not an argument");
        }
        catch (JsonException)
        {
            throw Refuse($"'{literal}' is not an argument: a string stands in apostrophes");
        }
    }

    private void Expect(char letter)
    {
        SkipSpace();
        if (!TryTake(letter))
        {
            throw Refuse($"'{letter}' is expected");
        }
    }

    private bool TryTake(char letter)
    {
        if (_at >= _text.Length || _text[_at] != letter)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] == ' ')
        {
            _at++;
        }
    }

    private PathSyntaxException Refuse(string why) => new($"'{_text}' at character {_at + 1}: {why}.");
}
