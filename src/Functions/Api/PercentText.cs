using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>Percent-encoded text (RFC 3986), read strictly: what cannot be decoded is refused, not passed on as it came.</summary>
public static class PercentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="where">What the text is, for the message: <c>path</c>.</param>
    /// <exception cref="InvalidRequestException">A percent sign without two hexadecimal digits, or bytes that are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<char> text, string where)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        while (text.Length > 0)
        {
            if (text[0] != '%')
            {
                int plain = text.IndexOf('%') is var next and >= 0 ? next : text.Length;
                length += Encoding.UTF8.GetBytes(text[..plain], bytes.AsSpan(length));
                text = text[plain..];
                continue;
            }

            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            {
                throw new InvalidRequestException($"The {where} holds a percent sign without two hexadecimal digits after it. Write %25 for the sign itself.");
            }

            bytes[length++] = Convert.FromHexString(text[1..3])[0];
            text = text[3..];
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidRequestException($"The {where} holds percent-encoded bytes that are not UTF-8.", e);
        }
    }
}
