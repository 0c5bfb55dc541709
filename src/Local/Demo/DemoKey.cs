using System.Text;

namespace CacheBackup.Local.Demo;

/// <summary>One key that is to be made.</summary>
/// <param name="Name">Most are text; some are any bytes.</param>
/// <param name="ExpireAtMilliseconds">Absolute Unix time; null: never.</param>
internal readonly record struct DemoKey(byte[] Name, long? ExpireAtMilliseconds)
{
    public static DemoKey Of(string kind, int number, Random random, DateTimeOffset now)
    {
        byte[] name = Encoding.ASCII.GetBytes($"{kind.Replace(' ', '-')}:{number:0000000}");
        if (number % 50 == 7)
        {
            byte[] tail = new byte[12];
            random.NextBytes(tail);
            name = [.. name, (byte)':', .. tail];
        }

        return new DemoKey(name, Expiry(random, now));
    }

    /// <summary>One key in five expires: soon (while the demo runs), within the hour, or years from now.</summary>
    private static long? Expiry(Random random, DateTimeOffset now) => random.Next(100) switch
    {
        0 => now.AddMilliseconds(random.Next(5_000, 60_000)).ToUnixTimeMilliseconds(),
        < 8 => now.AddMilliseconds(random.Next(600_000, 3_600_000)).ToUnixTimeMilliseconds(),
        < 20 => now.AddDays(random.Next(1, 4_000)).AddMilliseconds(random.Next(1_000)).ToUnixTimeMilliseconds(),
        _ => null,
    };
}
