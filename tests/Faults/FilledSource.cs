using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Host;

namespace CacheBackup.Faults;

/// <summary>A source with data that takes several parts, and a data directory in which it is registered and backed up once.</summary>
public sealed class FilledSource : IAsyncLifetime
{
    /// <summary>The cache's name in <see cref="Template"/>.</summary>
    public const string Cache = "source";

    /// <summary>The backup's name in <see cref="Template"/>.</summary>
    public const string Backup = "first";

    // A part has 8 MiB: with all the rest these are two.
    private const int LargeBytes = 12 * 1024 * 1024;
    private const int Strings = 3000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cache-backup-faults-");
    private ServerProcess? _server;

    public ServerProcess Server => _server ?? throw new InvalidOperationException("The source was not started.");

    private string Template => Path.Combine(_folder.FullName, "template");

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(CacheEngine.Valkey);
        await using (CacheClient client = await _server.ConnectAsync())
        {
            await WriteAsync(client);
        }

        LocalHostOptions options = new() { DataDirectory = Template, Url = new Uri("http://127.0.0.1:0") };
        await using LocalHost host = await LocalHost.StartAsync(options, decorate: null, CancellationToken.None);
        using ServiceClient service = new(host.Url, host.Token.Value.Reveal());
        await service.RegisterAsync(Cache, _server.Port);
        JsonElement backup = await service.BackUpAsync(Backup, Cache);
        // A backup is available before its execution has ended: a test must not find the end of this one among those of its own.
        await host.WaitAsync(new ExecutionId(backup.GetProperty("execution").GetString()!), CancellationToken.None);
    }

    /// <summary>A copy of the data directory for one test; the cache is registered there, the backup is available.</summary>
    public async Task<string> CopyAsync(string name)
    {
        string copy = Path.Combine(_folder.FullName, name);
        using Process process = Process.Start("cp", ["-a", Template, copy]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return copy;
    }

    /// <summary>Compares the source with another server, key by key: serialized value and time of expiry.</summary>
    public async Task AssertSameAsync(CacheEndpoint endpoint, string password)
    {
        await using CacheClient source = await Server.ConnectAsync();
        await using CacheClient target = await CacheClient.ConnectAsync(endpoint, useTls: false, CancellationToken.None);
        await target.RequireAsync("AUTH", password);
        foreach (int database in (int[])[0, 3])
        {
            string[] keys = await KeysAsync(source, database);
            Assert.Equal(keys, await KeysAsync(target, database));
            Assert.Equal(await DumpAsync(source, keys), await DumpAsync(target, keys));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    // Values whose serialized form is the same on every server of one version: strings, and hashes that are small.
    private static async Task WriteAsync(CacheClient client)
    {
        Random random = new(1);
        foreach (int database in (int[])[3, 0])
        {
            List<RespArgument[]> commands = [["SELECT", database]];
            for (int i = 0; i < Strings; i++)
            {
                string key = string.Create(CultureInfo.InvariantCulture, $"string:{i}");
                commands.Add(["SET", key, random.Next()]);
                commands.Add(["HSET", $"hash:{i % 50}", $"field-{i % 7}", i]);
                if (i % 10 == 0)
                {
                    commands.Add(["PEXPIREAT", key, 4_102_444_800_000 + i]);
                }
            }

            Assert.DoesNotContain(await client.SendManyAsync(commands), reply => reply.TryGetError(out _));
        }

        byte[] large = new byte[LargeBytes];
        random.NextBytes(large);
        await client.RequireAsync("SET", "large", large);
        await client.RequireAsync(
            "FUNCTION", "LOAD", "#!lua name=sample\nredis.register_function('sample_ping', function(keys, args) return 'pong' end)");
    }

    private static async Task<string[]> KeysAsync(CacheClient client, int database)
    {
        await client.RequireAsync("SELECT", database);
        RespReply reply = await client.RequireAsync("KEYS", "*");
        Assert.True(reply.TryGetItems(out ReadOnlyMemory<RespReply> items));
        return [.. items.ToArray().Select(TextOf).Order(StringComparer.Ordinal)];
    }

    private static async Task<string[]> DumpAsync(CacheClient client, string[] keys)
    {
        RespReply[] replies = await client.SendManyAsync(
            [.. keys.SelectMany(key => (RespArgument[][])[["DUMP", key], ["PEXPIRETIME", key]])]);
        return [.. replies.Select(FingerprintOf)];
    }

    private static string FingerprintOf(RespReply reply) => reply.TryGetBytes(out ReadOnlyMemory<byte> dump)
        ? Convert.ToHexString(SHA256.HashData(dump.Span))
        : reply.TryGetNumber(out long expiry) ? expiry.ToString(CultureInfo.InvariantCulture) : throw new InvalidOperationException("A key is gone.");

    private static string TextOf(RespReply reply) => reply.TryGetText(out string text) ? text : throw new InvalidOperationException("No text.");
}
