using System.Globalization;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>A message with its named places filled, and the arguments by those names.</summary>
internal sealed record LogMessage(string Text, IReadOnlyList<KeyValuePair<string, object?>> Properties)
{
    /// <summary>
    /// Fills <c>{name}</c> and <c>{name:format}</c> from the arguments in their order, or <c>{0}</c>, <c>{1}</c> … by number where all places
    /// are numbers. <c>{{</c> and <c>}}</c> stand for braces. Logging must not fail: a place without an argument, or without an end, stays as
    /// it is. A template without arguments is no template: it is taken literally.
    /// </summary>
    public static LogMessage Render(string template, IReadOnlyList<object?> arguments)
    {
        if (arguments.Count == 0)
        {
            return new LogMessage(template, []);
        }

        var text = new StringBuilder(template.Length + (16 * arguments.Count));
        var properties = new List<KeyValuePair<string, object?>>();
        var byNumber = Places(template).All(place => int.TryParse(place.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        var copied = 0;
        var position = 0;
        foreach (var place in Places(template))
        {
            AppendLiteral(text, template.AsSpan(copied, place.Start - copied));
            var index = byNumber ? int.Parse(place.Name, CultureInfo.InvariantCulture) : position++;
            if (index < arguments.Count)
            {
                text.Append(Spell(arguments[index], place.Format));
                properties.Add(new(place.Name, arguments[index]));
            }
            else
            {
                text.Append(template, place.Start, place.End - place.Start);
            }

            copied = place.End;
        }

        AppendLiteral(text, template.AsSpan(copied));
        return new LogMessage(text.ToString(), properties);
    }

    /// <summary>A value as text that is the same everywhere; a format that it does not know is passed over.</summary>
    public static string Spell(object? value, string? format)
    {
        try
        {
            return value is IFormattable formattable
                ? formattable.ToString(format ?? (value is DateTimeOffset or DateTime ? "O" : null), CultureInfo.InvariantCulture)
                : value?.ToString() ?? string.Empty;
        }
        catch (FormatException)
        {
            return value?.ToString() ?? string.Empty;
        }
    }

    private static IEnumerable<Place> Places(string template)
    {
        var start = 0;
        while ((start = template.IndexOf('{', start)) >= 0)
        {
            if (start + 1 < template.Length && template[start + 1] == '{')
            {
                start += 2;
                continue;
            }

            var end = template.IndexOf('}', start);
            if (end < 0)
            {
                yield break;
            }

            var inner = template[(start + 1)..end];
            var colon = inner.IndexOf(':', StringComparison.Ordinal);

            // @ asks other loggers to write an object's members; ours writes every value as its own text.
            var name = (colon < 0 ? inner : inner[..colon]).TrimStart('@').Trim();
            if (name.Length > 0)
            {
                yield return new Place(start, end + 1, name, colon < 0 ? null : inner[(colon + 1)..]);
            }

            start = end + 1;
        }
    }

    private static void AppendLiteral(StringBuilder text, ReadOnlySpan<char> literal)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            text.Append(literal[i]);
            if (literal[i] is '{' or '}' && i + 1 < literal.Length && literal[i + 1] == literal[i])
            {
                i++;
            }
        }
    }

    private readonly record struct Place(int Start, int End, string Name, string? Format);
}
