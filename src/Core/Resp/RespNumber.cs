using System.Buffers.Text;

namespace CacheBackup.Core.Resp;

/// <summary>Decimal numbers as RESP writes them: an optional sign, digits, nothing else.</summary>
internal static class RespNumber
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length;
}
