using System.Buffers;

namespace CacheBackup.Core.Rdb;

/// <summary>A whole DUMP payload: type, value as stored, footer.</summary>
public readonly ref struct RdbPayload
{
    private RdbPayload(RdbType type, ReadOnlySpan<byte> value, RdbVersion version)
    {
        Type = type;
        Value = value;
        Version = version;
    }

    public RdbType Type { get; }

    /// <summary>The value as it stands in an RDB file.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>A payload has no magic: the number decides, as the families' numbers do not meet.</summary>
    public RdbVersion Version { get; }

    /// <summary>Takes a payload apart. Its value is not looked into.</summary>
    /// <exception cref="RdbFormatException">Too short, or its checksum is wrong. Zero is wrong too: servers refuse it.</exception>
    public static RdbPayload Read(ReadOnlySpan<byte> payload)
    {
        var parts = ReadUnchecked(payload);
        var footer = new RdbFooter(parts.Type);
        footer.Update(parts.Value);
        return footer.TryCheck(payload[^RdbFooter.SizeBytes..], out _)
            ? parts
            : throw new RdbFormatException(RdbError.ChecksumMismatch, payload.Length - 8, "A payload's checksum is not that of its bytes");
    }

    /// <summary>A payload made of a stored value.</summary>
    /// <param name="type">The value's.</param>
    /// <param name="value">As it stands in an RDB file.</param>
    /// <param name="version">What the footer states: see <see cref="RdbRestoreVersion.LowestFor"/>.</param>
    /// <param name="destination">Where it is written.</param>
    public static void Write(RdbType type, ReadOnlySpan<byte> value, int version, IBufferWriter<byte> destination)
    {
        var footer = new RdbFooter(type);
        footer.Update(value);
        destination.Write([(byte)type]);
        destination.Write(value);
        footer.Write(version, destination.GetSpan(RdbFooter.SizeBytes));
        destination.Advance(RdbFooter.SizeBytes);
    }

    /// <summary>Takes a payload apart without a look at its checksum.</summary>
    /// <exception cref="RdbFormatException">Too short.</exception>
    public static RdbPayload ReadUnchecked(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= RdbFooter.OverheadBytes)
        {
            throw new RdbFormatException(RdbError.BadPayload, payload.Length, "A payload is too short to hold a type, a value and a footer");
        }

        default(RdbFooter).TryCheck(payload[^RdbFooter.SizeBytes..], out int version);
        var magic = version >= RdbVersion.OldestValkey ? RdbMagic.Valkey : RdbMagic.Redis;
        return new RdbPayload((RdbType)payload[0], payload[1..^RdbFooter.SizeBytes], new RdbVersion(magic, version));
    }
}
