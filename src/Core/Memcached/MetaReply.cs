using System.Buffers.Text;

namespace CacheBackup.Core.Memcached;

/// <summary>
/// The head of a reply to <c>mg &lt;name&gt; f t v u</c>: <c>VA &lt;length&gt; f&lt;flags&gt; t&lt;seconds left&gt;</c>, or <c>EN</c>.
/// </summary>
/// <param name="Exists">False: no such item; the other members say nothing.</param>
/// <param name="LengthBytes">The value's, which follows.</param>
/// <param name="SecondsLeft">-1: it does not expire.</param>
public readonly record struct MetaReply(bool Exists, int LengthBytes, uint Flags, long SecondsLeft)
{
    /// <summary>Reads a line without its end. Flags of the reply that were not asked for may stand in it as well.</summary>
    /// <returns>False: it is no reply to that command.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out MetaReply reply)
    {
        reply = default;
        if (line.SequenceEqual("EN"u8) || line.StartsWith("EN "u8))
        {
            return true;
        }

        if (!line.StartsWith("VA "u8)
            || !Utf8Parser.TryParse(line[3..], out int length, out int digits)
            || length is < 0 or > ItemHead.MaxValueBytes)
        {
            return false;
        }

        uint? flags = null;
        long? left = null;
        ReadOnlySpan<byte> rest = line[(3 + digits)..];
        while (!rest.IsEmpty)
        {
            if (rest[0] != ' ')
            {
                return false;
            }

            rest = rest[1..];
            int end = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> token = end < 0 ? rest : rest[..end];
            if (token.Length > 1 && token[0] == 'f')
            {
                flags = Utf8Parser.TryParse(token[1..], out uint value, out int used) && used == token.Length - 1 ? value : null;
            }
            else if (token.Length > 1 && token[0] == 't')
            {
                left = Utf8Parser.TryParse(token[1..], out long value, out int used) && used == token.Length - 1 && value >= -1 ? value : null;
            }

            rest = rest[token.Length..];
        }

        if (flags is not { } known || left is not { } seconds)
        {
            return false;
        }

        reply = new MetaReply(true, length, known, seconds);
        return true;
    }
}
