using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Data that every engine's own server keeps in the same form, and what servers hold of it.</summary>
internal static class LoadedServer
{
    private const int Strings = 200;

    /// <summary>Writes strings, a list, a hash, a set of numbers, and a key in another database.</summary>
    public static async Task FillAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        for (int i = 0; i < Strings; i++)
        {
            await client.RequireAsync("SET", $"text:{i}", new string((char)('a' + (i % 26)), i + 1));
        }

        await client.RequireAsync("RPUSH", "list", "one", "two", "three");
        await client.RequireAsync("HSET", "hash", "field", "value", "other", "2");
        await client.RequireAsync("SADD", "numbers", "1", "2", "30");
        await client.RequireAsync("SET", "later", "goes", "PXAT", "4102444800000");
        await client.RequireAsync("SELECT", "3");
        await client.RequireAsync("SET", "elsewhere", "here");
        await client.RequireAsync("SELECT", "0");
    }

    /// <summary>Every key of databases 0 and 3 with its expiry and its payload, without the payload's version and checksum.</summary>
    public static Task<SortedDictionary<string, string>> ContentAsync(ServerProcess server) => ContentAsync(server.Endpoint, password: null);

    /// <summary>The same of whatever server answers there.</summary>
    public static async Task<SortedDictionary<string, string>> ContentAsync(CacheEndpoint endpoint, string? password)
    {
        const int footerBytes = 10;
        await using CacheClient client = await CacheClient.ConnectAsync(endpoint, useTls: false, CancellationToken.None);
        if (password is not null)
        {
            await client.RequireAsync("AUTH", password);
        }

        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string database in new[] { "0", "3" })
        {
            await client.RequireAsync("SELECT", database);
            Assert.True((await client.RequireAsync("KEYS", "*")).TryGetItems(out ReadOnlyMemory<RespReply> keys));
            foreach (RespReply key in keys.ToArray())
            {
                Assert.True(key.TryGetText(out string name));
                Assert.True((await client.RequireAsync("DUMP", name)).TryGetBytes(out ReadOnlyMemory<byte> dump));
                Assert.True((await client.RequireAsync("PEXPIRETIME", name)).TryGetNumber(out long expiry));
                byte[] payload = dump.ToArray();
                content.Add($"{database}/{name}", $"{expiry} {Convert.ToHexString(payload.AsSpan(0, payload.Length - footerBytes))}");
            }
        }

        return content;
    }

    /// <summary>Starts the engine's own server on a file as its data, and reads what it holds.</summary>
    public static async Task<SortedDictionary<string, string>> LoadAsync(CacheEngine engine, string file)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, RdbFile = file });
        return await ContentAsync(server);
    }
}
