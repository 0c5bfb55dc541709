using System.Text;

namespace CacheBackup.Core.Resp;

/// <summary>One argument of a command: bytes, or a text or number that is turned into bytes (UTF-8, decimal).</summary>
public readonly struct RespArgument
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private RespArgument(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    public static implicit operator RespArgument(string text) => new(Encoding.UTF8.GetBytes(text));

    public static implicit operator RespArgument(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator RespArgument(byte[] bytes) => new(bytes);

    public static implicit operator RespArgument(long number) =>
        new(Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Never the content: arguments are keys, values and passwords.</summary>
    public override string ToString() => $"argument of {_bytes.Length} bytes";
}
