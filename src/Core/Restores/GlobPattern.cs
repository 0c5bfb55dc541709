using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// A glob as Redis and Valkey match key names with it (<c>src/util.c stringmatchlen</c>, as in KEYS and SCAN): <c>*</c>, <c>?</c>,
/// <c>[abc]</c>, <c>[^a-z]</c>, and <c>\</c> before a character that is meant itself. It works on bytes, not on characters; bounds of a
/// range are compared as unsigned bytes.
/// </summary>
public sealed class GlobPattern
{
    /// <summary>The longest pattern that is taken, in bytes.</summary>
    public const int MaxBytes = 1024;

    private readonly byte[] _pattern;

    private GlobPattern(byte[] pattern) => _pattern = pattern;

    /// <param name="text">Matched as its UTF-8 bytes.</param>
    /// <exception cref="InvalidRequestException">It is longer than <see cref="MaxBytes"/>, or empty.</exception>
    public static GlobPattern Parse(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length is >= 1 and <= MaxBytes
            ? new GlobPattern(bytes)
            : throw new InvalidRequestException($"A pattern for key names has 1 to {MaxBytes} bytes; this one has {bytes.Length}.");
    }

    public bool Matches(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            // Servers ask their matcher about the empty name for every pattern but the single star, and it says no.
            return _pattern is [(byte)'*'];
        }

        bool isSettled = false;
        return Matches(_pattern, key, ref isSettled);
    }

    /// <param name="isSettled">
    /// Set where the rest of a pattern behind a star fits nowhere: then no longer match of an earlier star can help, which keeps a hostile
    /// pattern from taking exponential time.
    /// </param>
    private static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, ref bool isSettled)
    {
        while (!pattern.IsEmpty && !text.IsEmpty)
        {
            switch (pattern[0])
            {
                case (byte)'*':
                    return MatchesStar(pattern.TrimStart((byte)'*'), text, ref isSettled);
                case (byte)'?':
                    break;
                case (byte)'[':
                    pattern = pattern[1..];
                    if (!MatchesClass(ref pattern, text[0]))
                    {
                        return false;
                    }

                    text = text[1..];
                    continue;
                default:
                    if (pattern[0] == '\\' && pattern.Length >= 2)
                    {
                        pattern = pattern[1..];
                    }

                    if (pattern[0] != text[0])
                    {
                        return false;
                    }

                    break;
            }

            pattern = pattern[1..];
            text = text[1..];
        }

        return text.IsEmpty && pattern.TrimStart((byte)'*').IsEmpty;
    }

    private static bool MatchesStar(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> text, ref bool isSettled)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        for (; !text.IsEmpty; text = text[1..])
        {
            if (Matches(rest, text, ref isSettled))
            {
                return true;
            }

            if (isSettled)
            {
                return false;
            }
        }

        isSettled = true;
        return false;
    }

    /// <summary>Reads a class up to and with its bracket; one without a closing bracket ends with the pattern.</summary>
    private static bool MatchesClass(ref ReadOnlySpan<byte> pattern, byte value)
    {
        bool isNegated = !pattern.IsEmpty && pattern[0] == '^';
        if (isNegated)
        {
            pattern = pattern[1..];
        }

        bool isIn = false;
        while (!pattern.IsEmpty && pattern[0] != ']')
        {
            if (pattern[0] == '\\' && pattern.Length >= 2)
            {
                isIn |= pattern[1] == value;
                pattern = pattern[2..];
            }
            else if (pattern.Length >= 3 && pattern[1] == '-')
            {
                (byte low, byte high) = pattern[0] <= pattern[2] ? (pattern[0], pattern[2]) : (pattern[2], pattern[0]);
                isIn |= value >= low && value <= high;
                pattern = pattern[3..];
            }
            else
            {
                isIn |= pattern[0] == value;
                pattern = pattern[1..];
            }
        }

        pattern = pattern.IsEmpty ? pattern : pattern[1..];
        return isIn != isNegated;
    }
}
