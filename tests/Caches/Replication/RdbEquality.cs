using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

/// <summary>The judge of a snapshot is a server of the same engine: it loads the file, and its own digest of every key is compared.</summary>
internal static class RdbEquality
{
    public static async Task VerifyAsync(CacheEngine engine, CacheClient source, byte[] rdb)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, rdb);
            await using ServerProcess copy = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = file });
            await using CacheClient client = await copy.ConnectAsync();
            string digest = await client.TextAsync("DEBUG", "DIGEST");
            Assert.NotEqual(new string('0', 40), digest);
            Assert.Equal(await source.TextAsync("DEBUG", "DIGEST"), digest);
            Assert.Equal(await KeyspaceAsync(source), await KeyspaceAsync(client));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Keys and keys with expiry of every database; the average TTL moves on.</summary>
    private static async Task<string> KeyspaceAsync(CacheClient client) =>
        string.Join('\n', (await client.TextAsync("INFO", "keyspace")).Split("\r\n").Select(line => line.Split(",avg_ttl")[0]));
}
