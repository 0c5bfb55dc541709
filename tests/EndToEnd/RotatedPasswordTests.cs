using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Passwords that are changed while the service runs: it holds references, and reads what they lead to for every connection.</summary>
[Trait("Category", "Server")]
public sealed class RotatedPasswordTests
{
    [Theory]
    [InlineData(CacheEngine.Redis, null)]
    [InlineData(CacheEngine.Valkey, "backup")]
    public async Task A_changed_password_is_read_anew_by_each_job_and_each_slice(CacheEngine engine, string? user)
    {
        using PasswordFile password = new("first");
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client);
        string[] keyspace = [.. (await client.TextAsync("INFO", "keyspace")).Split("\r\n").Where(line => line.StartsWith("db", StringComparison.Ordinal))];
        int keys = keyspace.Sum(line => int.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture));
        await SetAsync(client, user, "first");
        MeddledCaches? caches = null;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { Slices = new SliceLimit { Keys = 20 }, Caches = caches = new MeddledCaches(parts.Caches) });
        await service.PostAsync(
            "/caches", new { name = "source", host = "127.0.0.1", port = server.Port, username = user, password = password.Reference, method = "scan" });
        await service.WaitForAsync("/caches/source", "available");

        // Between registering and the backup, and between its first slice and its second.
        await SetAsync(client, user, "second");
        password.Write("second");
        int slices = 0;
        caches!.BeforeTransfer = async _ =>
        {
            if (++slices == 2)
            {
                await SetAsync(client, user, "third");
                password.Write("third");
            }
        };
        JsonElement backup = await service.BackUpAsync("first", "source");
        Assert.True(slices > 2);
        Assert.Equal(keys, backup.GetProperty("keys").GetInt64());

        // The server knows the new one and the file does not: that is told, and nothing else is needed than to write it there.
        await service.WaitForAsync("/caches/source", "available");
        await SetAsync(client, user, "fourth");
        await service.PostAsync("/backups", new { name = "second", cache = "source" });
        JsonElement failed = await service.WaitForAsync("/backups/second", "failed");
        Answers.AssertReason(failed, "CacheAccessDeniedException", "refused the user or its password", "Check both where they are kept");
        Assert.DoesNotContain("third", failed.ToString(), StringComparison.Ordinal);
        password.Write("fourth");
        await service.WaitForAsync("/caches/source", "available");
        await service.BackUpAsync("third", "source");
    }

    /// <summary>Connections that are logged in stay so.</summary>
    private static async Task SetAsync(CacheClient client, string? user, string password)
    {
        RespArgument[] command = user is null
            ? ["CONFIG", "SET", "requirepass", password]
            : ["ACL", "SETUSER", user, "reset", "on", $">{password}", "~*", "+@all"];
        await client.RequireAsync(command);
    }
}
