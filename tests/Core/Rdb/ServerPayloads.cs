using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>What tests ask of a real server's DUMP and RESTORE.</summary>
internal static class ServerPayloads
{
    public static async Task<byte[]> DumpAsync(this CacheClient client, string key) =>
        (await client.RequireAsync("DUMP", key)).TryGetBytes(out var bytes) ? bytes.ToArray() : throw new InvalidOperationException($"No key {key}.");

    /// <summary>Sends all commands; none may be answered with an error.</summary>
    public static async Task RunAsync(this CacheClient client, params RespArgument[][] commands)
    {
        foreach (var reply in await client.SendManyAsync(commands))
        {
            Assert.False(reply.TryGetError(out var error), error.Message?.Reveal());
        }
    }

    public static ValueDigest DigestOf(byte[] dump)
    {
        var payload = RdbPayload.Read(dump);
        return ValueDigester.Compute(payload.Version.Magic, payload.Type, payload.Value);
    }

    public static RdbType TypeOf(byte[] dump) => (RdbType)dump[0];

    /// <summary>Texts that encodings treat in different ways: numbers of every width, what only looks like one, none, binary, long.</summary>
    public static List<byte[]> Texts(Random random)
    {
        List<byte[]> texts =
        [
            .. ((string[])
            [
                "", "0", "-0", "7", "-1", "127", "128", "-128", "-129", "4095", "4096", "-4096", "-4097", "32767", "-32768", "32768", "8388607",
                "-8388608", "8388608", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775808",
                "9223372036854775808", "007", "+5", " 5", "1e3", "3.25", "nan", "a", "field", "\0\r\n",
            ]).Select(Encoding.Latin1.GetBytes),
            [.. Enumerable.Repeat((byte)'x', 63)],
            [.. Enumerable.Repeat((byte)'y', 64)],
            [.. Enumerable.Repeat((byte)'z', 5000)],
        ];
        foreach (int length in (int[])[12, 253, 254, 255, 4095, 4096])
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            texts.Add(bytes);
        }

        return texts;
    }

    /// <summary>Long texts: one that compresses to nothing, one in which something repeats now and then, one that does not compress.</summary>
    public static List<byte[]> LongTexts(Random random)
    {
        byte[] noise = new byte[200_000];
        random.NextBytes(noise);
        byte[] mixed = [.. noise.AsSpan(0, 100_000)];
        for (int at = 300; at < mixed.Length; at += 300)
        {
            mixed.AsSpan(at - 250, Math.Min(120, mixed.Length - at)).CopyTo(mixed.AsSpan(at));
        }

        return [new byte[300_000], mixed, noise];
    }
}
