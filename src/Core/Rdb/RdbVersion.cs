using System.Globalization;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Magic and version number of an RDB file. Its text is the file's own first nine bytes, <c>REDIS0010</c> or <c>VALKEY080</c>.
/// </summary>
public readonly record struct RdbVersion(RdbMagic Magic, int Number)
{
    /// <summary>The length of magic and digits together, the same for both magics.</summary>
    public const int HeaderBytes = 9;

    /// <summary>The first version whose files end with a CRC-64.</summary>
    public const int FirstWithChecksum = 5;

    /// <summary>The newest version of the Redis family whose every type and opcode is known here.</summary>
    public const int NewestRedis = 12;

    /// <summary>The oldest version that Valkey writes under its own magic; newer ones are read while their types are known.</summary>
    public const int OldestValkey = 80;

    private static ReadOnlySpan<byte> RedisMagic => "REDIS"u8;

    private static ReadOnlySpan<byte> ValkeyMagic => "VALKEY"u8;

    /// <summary>The engine family that writes this magic. Valkey 8 and older write the magic of Redis.</summary>
    public CacheEngine Family => Magic == RdbMagic.Valkey ? CacheEngine.Valkey : CacheEngine.Redis;

    /// <summary>True if this reader knows what such a file may hold.</summary>
    public bool IsSupported => Magic == RdbMagic.Valkey ? Number >= OldestValkey : Number is >= 1 and <= NewestRedis;

    /// <summary>True if a CRC-64 follows the end opcode.</summary>
    public bool HasChecksum => Number >= FirstWithChecksum;

    /// <summary>
    /// Reads the nine bytes at the start of a file. Strict on purpose: readers that take any text after the magic for a number let one damaged
    /// byte turn the version into one without a checksum, and so switch off the check that would have found it.
    /// </summary>
    /// <returns>False if the bytes are not a magic followed by digits alone.</returns>
    public static bool TryParse(ReadOnlySpan<byte> header, out RdbVersion version)
    {
        version = default;
        if (header.Length != HeaderBytes)
        {
            return false;
        }

        var magic = header.StartsWith(ValkeyMagic) ? RdbMagic.Valkey : RdbMagic.Redis;
        if (magic == RdbMagic.Redis && !header.StartsWith(RedisMagic))
        {
            return false;
        }

        int number = 0;
        foreach (byte digit in header[(magic == RdbMagic.Valkey ? ValkeyMagic : RedisMagic).Length..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        version = new RdbVersion(magic, number);
        return true;
    }

    /// <summary>True if <paramref name="start"/>, shorter than a header, may be the beginning of one.</summary>
    internal static bool MayBegin(ReadOnlySpan<byte> start)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        foreach (var magic in (ReadOnlySpan<RdbMagic>)[RdbMagic.Redis, RdbMagic.Valkey])
        {
            header.Fill((byte)'0');
            (magic == RdbMagic.Valkey ? ValkeyMagic : RedisMagic).CopyTo(header);
            start.CopyTo(header);
            if (TryParse(header, out _))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => Magic == RdbMagic.Valkey
        ? string.Create(CultureInfo.InvariantCulture, $"VALKEY{Number:000}")
        : string.Create(CultureInfo.InvariantCulture, $"REDIS{Number:0000}");
}
