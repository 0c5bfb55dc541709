using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>A line of a journal: eight hexadecimal digits of CRC-32C, a space, the event's JSON, a line feed.</summary>
internal static class JournalLine
{
    /// <summary>The longest line that is read: two payloads' worth of escaped text and the names beside it.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    private const int CheckLength = 9;

    public static ReadOnlyMemory<byte> Encode(HistoryEvent entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Advance(Blank(buffer.GetSpan(CheckLength)));
        using (var writer = JsonBuild.WriterTo(buffer))
        {
            HistoryEventCodec.Write(writer, entry);
        }

        byte[] line = [.. buffer.WrittenSpan, (byte)'\n'];
        Encoding.ASCII.GetBytes(Checksum(line.AsSpan(CheckLength..^1)).ToString("x8", CultureInfo.InvariantCulture), line);
        return line;
    }

    /// <param name="line">The line without its line feed.</param>
    /// <returns>Null if it is not whole.</returns>
    public static HistoryEvent? TryDecode(ReadOnlySpan<byte> line)
    {
        bool isWhole = line.Length > CheckLength
            && line[CheckLength - 1] == (byte)' '
            && uint.TryParse(line[..(CheckLength - 1)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint check)
            && check == Checksum(line[CheckLength..]);
        return isWhole ? HistoryEventCodec.TryRead(line[CheckLength..]) : null;
    }

    private static int Blank(Span<byte> place)
    {
        place[..CheckLength].Fill((byte)' ');
        return CheckLength;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte rest in bytes)
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
