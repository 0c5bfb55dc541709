using System.Buffers;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Local.Demo;

/// <summary>
/// Every kind of value, in every way that servers store it: the sizes lie on both sides of the limits at which servers change over
/// (<c>*-max-listpack-entries</c> 128, <c>-value</c> 64, <c>set-max-intset-entries</c> 512, list nodes of 8 KiB, compression from 20 bytes).
/// </summary>
internal static class DemoKinds
{
    public static IReadOnlyList<DemoKind> All { get; } =
    [
        new("number", 90, (pipe, key, random) => Set(pipe, key, DemoText.Number(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)))),
        new("short text", 130, (pipe, key, random) => Set(pipe, key, DemoText.Word(random, random.Next(0, 44)))),
        new("text", 90, (pipe, key, random) => Set(pipe, key, DemoText.Word(random, random.Next(45, 600)))),
        new("document", 110, (pipe, key, random) => Set(pipe, key, DemoText.Document(random, random.Next(200, 3_000)))),
        new("bytes", 90, (pipe, key, random) => Set(pipe, key, DemoText.Binary(random, random.Next(1, 400)))),
        new("small hash", 140, (pipe, key, random) => Hash(pipe, key, random, random.Next(1, 12), 20)),
        new("hash", 6, (pipe, key, random) => Hash(pipe, key, random, random.Next(129, 400), 40)),
        new("hash of long values", 4, (pipe, key, random) => Hash(pipe, key, random, random.Next(2, 10), 300)),
        new("short list", 80, (pipe, key, random) => List(pipe, key, random, random.Next(1, 20), 16)),
        new("long list", 8, (pipe, key, random) => List(pipe, key, random, random.Next(200, 500), 100)),
        new("list of large elements", 2, (pipe, key, random) => List(pipe, key, random, 5, 9_000)),
        new("set of numbers", 45, NumberSet),
        new("small set", 40, (pipe, key, random) => Members(pipe, key, random, random.Next(1, 30))),
        new("set", 8, (pipe, key, random) => Members(pipe, key, random, random.Next(130, 400))),
        new("small sorted set", 80, (pipe, key, random) => Scores(pipe, key, random, random.Next(1, 25))),
        new("sorted set", 8, (pipe, key, random) => Scores(pipe, key, random, random.Next(130, 400))),
        new("hyperloglog", 10, (pipe, key, random) => Many(pipe, "PFADD", key, [.. Range(random.Next(1, 50)).Select(_ => DemoText.Word(random, 8))])),
        new("bitmap", 10, (pipe, key, random) => pipe.Write(new RespCommand("SETBIT", key, random.Next(4_000), 1))),
        new("places", 9, Places),
        new("stream", 40, (pipe, key, random) => DemoStreams.Write(pipe, key, random, random.Next(1, 40))),
    ];

    public static void Hash(CommandPipe pipe, byte[] key, Random random, int fields, int valueBytes) => Many(
        pipe, "HSET", key, [.. Range(fields).SelectMany(i => new[] { Encoding.ASCII.GetBytes($"field-{i}"), DemoText.Word(random, valueBytes) })]);

    public static void Scores(CommandPipe pipe, byte[] key, Random random, int members) => Many(
        pipe, "ZADD", key, [.. Range(members).SelectMany(i => new[] { Score(random, i), Encoding.ASCII.GetBytes($"member-{i}") })]);

    private static void Set(CommandPipe pipe, byte[] key, byte[] value)
    {
        IBufferWriter<byte> output = pipe.Begin("SET", 2);
        output.WriteBulk(key);
        output.WriteBulk(value);
    }

    private static void List(CommandPipe pipe, byte[] key, Random random, int elements, int elementBytes) => Many(
        pipe, random.Next(2) == 0 ? "RPUSH" : "LPUSH", key, [.. Range(elements).Select(i => i % 5 == 0 ? DemoText.Number(i) : DemoText.Word(random, elementBytes))]);

    private static void NumberSet(CommandPipe pipe, byte[] key, Random random)
    {
        // Up to 512 numbers are an array of 2, 4 or 8 bytes each; more are a table.
        int bits = random.Next(8, 62);
        int count = random.Next(40) == 0 ? 600 : random.Next(1, 60);
        Many(pipe, "SADD", key, [.. Range(count).Select(_ => DemoText.Number(random.NextInt64(-(1L << bits), 1L << bits)))]);
    }

    private static void Members(CommandPipe pipe, byte[] key, Random random, int members) => Many(
        pipe, "SADD", key, [.. Range(members).Select(i => i % 3 == 0 ? DemoText.Binary(random, 12) : DemoText.Word(random, random.Next(6, 30)))]);

    /// <summary>Infinities, equal scores, whole numbers and numbers that have no short decimal form.</summary>
    private static byte[] Score(Random random, int i) => (i % 11) switch
    {
        0 => "inf"u8.ToArray(),
        1 => "-inf"u8.ToArray(),
        2 or 3 => "7"u8.ToArray(),
        4 => "-0"u8.ToArray(),
        5 => DemoText.Number(random.NextInt64(-1_000_000, 1_000_000)),
        _ => Encoding.ASCII.GetBytes((random.NextDouble() * Math.Pow(10, random.Next(-5, 12))).ToString("R", CultureInfo.InvariantCulture)),
    };

    private static void Places(CommandPipe pipe, byte[] key, Random random) => Many(
        pipe,
        "GEOADD",
        key,
        [.. Range(random.Next(1, 8)).SelectMany(i => new[] { Degrees(random, 180), Degrees(random, 85), Encoding.ASCII.GetBytes($"place-{i}") })]);

    private static byte[] Degrees(Random random, int most) =>
        Encoding.ASCII.GetBytes(((random.NextDouble() * 2 * most) - most).ToString("F6", CultureInfo.InvariantCulture));

    private static void Many(CommandPipe pipe, string command, byte[] key, byte[][] arguments)
    {
        IBufferWriter<byte> output = pipe.Begin(command, 1 + arguments.Length);
        output.WriteBulk(key);
        foreach (byte[] argument in arguments)
        {
            output.WriteBulk(argument);
        }
    }

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);
}
