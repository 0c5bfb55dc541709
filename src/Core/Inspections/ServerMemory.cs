using System.Numerics;

namespace CacheBackup.Core.Inspections;

/// <summary>
/// What a server takes for the parts of its data, in bytes: structures of Redis OSS 7 and Valkey 8 on 64 bits (<c>dict.h</c>, <c>sds.h</c>,
/// <c>object.c</c>, <c>server.h</c>, <c>quicklist.h</c>, <c>listpack.c</c>), rounded up to the classes of jemalloc. What it leaves out and how far it
/// is off is written in docs/rdb.md.
/// </summary>
internal static class ServerMemory
{
    /// <summary>The header of every value.</summary>
    public const long Object = 16;

    /// <summary>A place in a hash table: key, value, next.</summary>
    public const long TableEntry = 32;

    /// <summary>
    /// A member of a set where members stand in the table's places themselves and only those whose place is taken need an entry of 16 bytes
    /// (Valkey, Redis OSS from 7.2): three of ten, at the usual load.
    /// </summary>
    public const double MemberEntry = 16 * 0.32;

    /// <summary>A hash table itself, without its places.</summary>
    public const long Table = 64;

    /// <summary>A skip list with its first node, and the pair of it and a hash table.</summary>
    public const long SkipList = 16 + 32 + 640;

    /// <summary>A node of a skip list: each level is a quarter as likely as the one below.</summary>
    public const double SkipListNode = 48 + (16 / 3.0);

    /// <summary>The struct of a quicklist, and one of its nodes without its listpack.</summary>
    public const long Quicklist = 48;
    public const long QuicklistNode = 32;

    /// <summary>A listpack of a quicklist does not grow above this (<c>list-max-listpack-size -2</c>), with what the server reckons for its own.</summary>
    public const long QuicklistNodeBytes = 8192 - 15;

    /// <summary>Head and end mark.</summary>
    public const long ListpackOverhead = 7;

    /// <summary>A string of at most so many bytes stands in one piece with its header.</summary>
    public const long LongestEmbedded = 44;

    /// <summary>What an allocation of so many bytes takes: multiples of 16 up to 128, then four classes for each doubling.</summary>
    public static long Allocated(long bytes)
    {
        if (bytes <= 128)
        {
            return bytes <= 8 ? 8 : (bytes + 15) & ~15L;
        }

        long step = 1L << Math.Max(0, 61 - BitOperations.LeadingZeroCount((ulong)(bytes - 1)));
        return (bytes + step - 1) & ~(step - 1);
    }

    /// <summary>A text of its own: header, bytes, end.</summary>
    public static long Text(long length) => Allocated(TextBytes(length));

    /// <summary>A key with its place in the table of a database; Valkey from 8.0 puts both into one piece.</summary>
    public static long Key(long length, bool isInEntry)
    {
        const int EntryWithKey = 17;
        return isInEntry ? Allocated(EntryWithKey + TextBytes(length)) : TableEntry + Text(length);
    }

    /// <summary>The places of a hash table with so many entries: a power of two of pointers.</summary>
    public static long Places(long entries) =>
        entries == 0 ? 0 : Allocated(8 * Math.Max(4, (long)BitOperations.RoundUpToPowerOf2((ulong)entries)));

    /// <summary>A text in a listpack, with the length that leads back over it.</summary>
    public static long ListpackText(long length) => WithBack(length + length switch
    {
        < 64 => 1,
        < 4096 => 2,
        _ => 5,
    });

    /// <summary>A number in a listpack.</summary>
    public static long ListpackNumber(long number) => WithBack(number switch
    {
        >= 0 and <= 127 => 1,
        >= -4096 and <= 4095 => 2,
        >= short.MinValue and <= short.MaxValue => 3,
        >= -(1 << 23) and < 1 << 23 => 4,
        >= int.MinValue and <= int.MaxValue => 5,
        _ => 9,
    });

    private static long TextBytes(long length) => length + 1 + length switch
    {
        < 32 => 1,
        < 256 => 3,
        < 65_536 => 5,
        < 1L << 32 => 9,
        _ => 17,
    };

    private static long WithBack(long bytes) => bytes + bytes switch
    {
        < 128 => 1,
        < 16_384 => 2,
        < 1 << 21 => 3,
        < 1 << 28 => 4,
        _ => 5,
    };
}
