using System.Globalization;
using System.Text;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// The format of a data file: magic and version number. Of an RDB file the text is its own first nine bytes, <c>REDIS0010</c> or
/// <c>VALKEY080</c>; of a stream of Memcached's items it is <c>MEMCACHED1</c>, which stands in records and indexes and not in the stream.
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

    private const string ItemStreamText = "MEMCACHED1";

    /// <summary>A stream of Memcached's items (docs/memcached.md), the first version and the only one.</summary>
    public static RdbVersion ItemStream { get; } = new(RdbMagic.Memcached, 1);

    private static ReadOnlySpan<byte> RedisMagic => "REDIS"u8;

    private static ReadOnlySpan<byte> ValkeyMagic => "VALKEY"u8;

    /// <summary>The engine family that writes this magic. Valkey 8 and older write the magic of Redis.</summary>
    public CacheEngine Family => Magic switch
    {
        RdbMagic.Valkey => CacheEngine.Valkey,
        RdbMagic.Memcached => CacheEngine.Memcached,
        _ => CacheEngine.Redis,
    };

    /// <summary>True if this reader knows what such a file may hold.</summary>
    public bool IsSupported => Magic switch
    {
        RdbMagic.Valkey => Number >= OldestValkey,
        RdbMagic.Memcached => this == ItemStream,
        _ => Number is >= 1 and <= NewestRedis,
    };

    /// <summary>True if a CRC-64 follows the end opcode.</summary>
    public bool HasChecksum => Magic != RdbMagic.Memcached && Number >= FirstWithChecksum;

    /// <summary>How many bytes of a file stand before its first opcode or item.</summary>
    public int StartBytes => Magic == RdbMagic.Memcached ? ItemStreamWriter.Edge.Length : HeaderBytes;

    /// <summary>Reads the text of a record or index: what <see cref="ToString"/> says.</summary>
    public static bool TryParseText(string? text, out RdbVersion version)
    {
        if (text == ItemStreamText)
        {
            version = ItemStream;
            return true;
        }

        return TryParse(Encoding.ASCII.GetBytes(text ?? string.Empty), out version);
    }

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

    public override string ToString() => Magic switch
    {
        RdbMagic.Valkey => string.Create(CultureInfo.InvariantCulture, $"VALKEY{Number:000}"),
        RdbMagic.Memcached => string.Create(CultureInfo.InvariantCulture, $"MEMCACHED{Number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"REDIS{Number:0000}"),
    };
}
