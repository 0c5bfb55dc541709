using System.Buffers;
using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Resp;

/// <summary>An error reply as a value. Its text form is the code alone: a server quotes keys and values in its messages.</summary>
/// <param name="Code">The first word, such as <c>ERR</c>, <c>NOPERM</c> or <c>LOADING</c>; <c>?</c> where there is none.</param>
/// <param name="Message">The whole line without its hyphen. Look at it to decide, never print it.</param>
public readonly record struct RespError(string Code, Secret<string> Message)
{
    private const int LongestCode = 32;
    private static readonly SearchValues<byte> CodeBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    /// <summary>Takes an error line apart, without its hyphen and line end. Code words are upper-case letters, digits, hyphens and underscores.</summary>
    public static RespError Parse(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        bool isCode = word.Length is > 0 and <= LongestCode && !word.ContainsAnyExcept(CodeBytes);
        return new RespError(isCode ? Encoding.ASCII.GetString(word) : "?", new Secret<string>(Encoding.UTF8.GetString(line)));
    }

    /// <summary>Whether the message holds this text, in any case. Servers tell most failures apart by words alone.</summary>
    public bool Says(string text) => Message.Reveal().Contains(text, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Code;
}
