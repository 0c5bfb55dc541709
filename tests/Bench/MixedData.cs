using System.Buffers;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Bench;

/// <summary>
/// The commands that fill a server with what caches hold: every type, in the encodings of few and of many elements, in three databases, a third
/// of the keys with an expiry years ahead. The same number of keys gives the same commands, byte for byte.
/// </summary>
internal sealed class MixedData
{
    /// <summary>Bytes of RDB for each key that Redis 7.0 writes, as measured.</summary>
    private const int FileBytesPerKey = 1105;

    private const int PoolBytes = 1 << 20;
    private const long FirstExpiry = 4_000_000_000_000;
    private const long FirstStreamTime = 1_700_000_000_000;

    /// <summary>Databases and how much of the keys each holds, in percent.</summary>
    private static readonly (int Number, int Percent)[] Databases = [(0, 80), (1, 15), (5, 5)];

    private readonly Random _random = new(20_240_229);
    private readonly byte[] _letters = new byte[PoolBytes];
    private readonly byte[] _bytes = new byte[PoolBytes];
    private readonly byte[] _prose = new byte[PoolBytes];
    private readonly (string Name, int Share, Action<CommandFile, byte[]> Write)[] _kinds;

    public MixedData()
    {
        FillPools();
        _kinds =
        [
            ("number", 60, (file, key) => Set(file, key, Digits(_random.NextInt64() >> _random.Next(63)))),
            ("session", 140, (file, key) => Set(file, key, Letters(8, 200))),
            ("page", 170, (file, key) => Set(file, key, Letters(200, 1_800))),
            ("document", 130, (file, key) => Set(file, key, Slice(_prose, 500, 6_000))),
            ("image", 70, (file, key) => Set(file, key, Slice(_bytes, 100, 4_000))),
            ("user", 130, (file, key) => Hash(file, key, _random.Next(4, 20))),
            ("catalog", 9, (file, key) => Hash(file, key, _random.Next(140, 400))),
            ("queue", 80, (file, key) => List(file, key, _random.Next(2, 40))),
            ("log", 5, (file, key) => List(file, key, _random.Next(300, 900))),
            ("ids", 40, (file, key) => Elements(file, "SADD", key, _random.Next(3, 200), _ => Digits(_random.Next()))),
            ("tags", 40, (file, key) => Elements(file, "SADD", key, _random.Next(2, 30), i => [.. Digits(i), .. Letters(4, 24)])),
            ("followers", 8, (file, key) => Elements(file, "SADD", key, _random.Next(200, 700), i => [.. Digits(i), .. Letters(4, 24)])),
            ("scores", 70, (file, key) => Scores(file, key, _random.Next(2, 40))),
            ("ranking", 9, (file, key) => Scores(file, key, _random.Next(200, 700))),
            ("visits", 8, (file, key) => Elements(file, "PFADD", key, 20, _ => Letters(8, 16).ToArray())),
            ("events", 40, Stream),
        ];
    }

    /// <summary>Those that hold anything, as a list with commas.</summary>
    public static string DatabaseNumbers => string.Join(',', Databases.Select(database => database.Number));

    public static int KeysFor(long fileBytes) => (int)(fileBytes / FileBytesPerKey);

    public void Write(CommandFile file, int keys)
    {
        int made = 0;
        int until = 0;
        foreach ((int database, int percent) in Databases)
        {
            file.Write("SELECT", database);
            until = database == Databases[^1].Number ? keys : until + (int)((long)keys * percent / 100);
            for (; made < until; made++)
            {
                WriteOne(file, made);
            }
        }
    }

    /// <summary>Sets fields of a hash.</summary>
    /// <param name="first">The first one's number; the others follow.</param>
    public void WriteFields(CommandFile file, ReadOnlySpan<byte> key, int first, int fields)
    {
        IBufferWriter<byte> output = file.Begin("HSET", 1 + (2 * fields));
        output.WriteBulk(key);
        for (int i = first; i < first + fields; i++)
        {
            output.WriteBulk(Encoding.ASCII.GetBytes($"field-{i}"));
            output.WriteBulk(i % 4 == 0 ? Digits(_random.Next()) : Letters(4, 40));
        }
    }

    private void WriteOne(CommandFile file, int number)
    {
        int place = _random.Next(_kinds.Sum(kind => kind.Share));
        int kind = 0;
        for (; place >= _kinds[kind].Share; kind++)
        {
            place -= _kinds[kind].Share;
        }

        byte[] key = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_kinds[kind].Name}:{number}:{_random.Next(1 << 20):x5}"));
        _kinds[kind].Write(file, key);
        if (_random.Next(3) == 0)
        {
            file.Write("PEXPIREAT", key, FirstExpiry + _random.NextInt64(1L << 40));
        }
    }

    private static void Set(CommandFile file, byte[] key, ReadOnlySpan<byte> value)
    {
        IBufferWriter<byte> output = file.Begin("SET", 2);
        output.WriteBulk(key);
        output.WriteBulk(value);
    }

    private void Hash(CommandFile file, byte[] key, int fields) => WriteFields(file, key, 0, fields);

    private void List(CommandFile file, byte[] key, int elements) =>
        Elements(file, "RPUSH", key, elements, i => i % 5 == 0 ? Digits(i) : Letters(8, 80).ToArray());

    private static void Elements(CommandFile file, string command, byte[] key, int elements, Func<int, byte[]> make)
    {
        IBufferWriter<byte> output = file.Begin(command, 1 + elements);
        output.WriteBulk(key);
        for (int i = 0; i < elements; i++)
        {
            output.WriteBulk(make(i));
        }
    }

    private void Scores(CommandFile file, byte[] key, int members)
    {
        IBufferWriter<byte> output = file.Begin("ZADD", 1 + (2 * members));
        output.WriteBulk(key);
        for (int i = 0; i < members; i++)
        {
            string score = i % 2 == 0 ? _random.Next(1_000_000).ToString(CultureInfo.InvariantCulture) : _random.NextDouble().ToString("R", CultureInfo.InvariantCulture);
            output.WriteBulk(Encoding.ASCII.GetBytes(score));
            output.WriteBulk([.. "member-"u8, .. Digits(i), .. Letters(4, 16)]);
        }
    }

    /// <summary>With a group, a consumer, and entries that it has read and not acknowledged.</summary>
    private void Stream(CommandFile file, byte[] key)
    {
        int entries = _random.Next(2, 40);
        for (int i = 0; i < entries; i++)
        {
            file.Write("XADD", key, $"{FirstStreamTime + i}-{i}", "event", Letters(6, 20).ToArray(), "amount", _random.Next(100_000), "note", Letters(4, 60).ToArray());
        }

        if (_random.Next(2) == 0)
        {
            file.Write("XGROUP", "CREATE", key, "billing", "0");
            file.Write("XREADGROUP", "GROUP", "billing", "worker-1", "COUNT", 3, "STREAMS", key, ">");
        }
    }

    private static byte[] Digits(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private ReadOnlySpan<byte> Letters(int least, int most) => Slice(_letters, least, most);

    private ReadOnlySpan<byte> Slice(byte[] pool, int least, int most)
    {
        int length = _random.Next(least, most);
        return pool.AsSpan(_random.Next(PoolBytes - length), length);
    }

    /// <summary>What values are cut from: letters that do not compress, any bytes, and text that does.</summary>
    private void FillPools()
    {
        string[] words = ["order", "shipped", "customer", "amount", "currency", "EUR", "pending", "address", "warehouse", "note"];
        _random.NextBytes(_bytes);
        for (int i = 0; i < PoolBytes; i++)
        {
            _letters[i] = (byte)"abcdefghijklmnopqrstuvwxyz0123456789_-ABCDEFGHIJKLMNOPQRSTUVWXYZ"[_random.Next(64)];
        }

        for (int i = 0; i < PoolBytes;)
        {
            byte[] pair = Encoding.ASCII.GetBytes($"\"{words[_random.Next(words.Length)]}\":\"{words[_random.Next(words.Length)]}-{_random.Next(1000)}\",");
            int count = Math.Min(pair.Length, PoolBytes - i);
            pair.AsSpan(0, count).CopyTo(_prose.AsSpan(i));
            i += count;
        }
    }
}
