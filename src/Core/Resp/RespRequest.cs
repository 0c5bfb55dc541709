using System.Buffers;
using System.Buffers.Text;

namespace CacheBackup.Core.Resp;

/// <summary>
/// Writes commands: an array header with the number of arguments (the command's name included), then every argument as a bulk string.
/// Binary safe; makes no copy beyond the output buffer.
/// </summary>
public static class RespRequest
{
    // Sign, 19 digits, type byte and CRLF.
    private const int LongestHeader = 24;

    public static void WriteArrayHeader(this IBufferWriter<byte> output, int argumentCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(argumentCount);
        WriteHeader(output, (byte)'*', argumentCount);
    }

    /// <summary>One argument.</summary>
    public static void WriteBulk(this IBufferWriter<byte> output, ReadOnlySpan<byte> argument)
    {
        const int SmallEnoughForOneSpan = 4096;
        if (argument.Length > SmallEnoughForOneSpan)
        {
            WriteBulkHeader(output, argument.Length);
            output.Write(argument);
            WriteBulkEnd(output);
            return;
        }

        Span<byte> span = output.GetSpan(LongestHeader + argument.Length + 2);
        int length = FormatHeader(span, (byte)'$', argument.Length);
        argument.CopyTo(span[length..]);
        length += argument.Length;
        span[length++] = (byte)'\r';
        span[length++] = (byte)'\n';
        output.Advance(length);
    }

    /// <summary>One argument: a number in decimal.</summary>
    public static void WriteBulk(this IBufferWriter<byte> output, long argument)
    {
        Span<byte> digits = stackalloc byte[LongestHeader];
        _ = Utf8Formatter.TryFormat(argument, digits, out int length);
        WriteBulk(output, digits[..length]);
    }

    /// <summary>The head of an argument whose bytes follow apart; <see cref="WriteBulkEnd"/> comes after exactly that many bytes.</summary>
    public static void WriteBulkHeader(this IBufferWriter<byte> output, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        WriteHeader(output, (byte)'$', lengthBytes);
    }

    public static void WriteBulkEnd(this IBufferWriter<byte> output) => output.Write("\r\n"u8);

    private static void WriteHeader(IBufferWriter<byte> output, byte type, long number) =>
        output.Advance(FormatHeader(output.GetSpan(LongestHeader), type, number));

    private static int FormatHeader(Span<byte> span, byte type, long number)
    {
        span[0] = type;
        _ = Utf8Formatter.TryFormat(number, span[1..], out int length);
        length++;
        span[length++] = (byte)'\r';
        span[length++] = (byte)'\n';
        return length;
    }
}
