using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>The lines that <c>cache-backup rights</c> prints, run on real servers as they stand.</summary>
[Trait("Category", "Server")]
public sealed class RightsTests
{
    private const string Password = "of-the-user";

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task The_printed_rights_are_enough_for_each_way(CacheEngine engine)
    {
        using PasswordFile password = new(Password);
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await using ServerProcess target = await ServerProcess.StartAsync(engine);
        await using (CacheClient client = await source.ConnectAsync())
        {
            await SampleData.WriteAsync(client);
        }

        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        foreach (string method in (string[])["replication", "scan"])
        {
            await AllowAsync(source, method);
            await service.PostAsync(
                "/caches", new { name = method, host = "127.0.0.1", port = source.Port, username = method, password = password.Reference, method });
            await service.WaitForAsync($"/caches/{method}", "available");
            JsonElement backup = await service.BackUpAsync($"by-{method}", method);
            Assert.Equal(1, backup.GetProperty("shards")[0].GetProperty("functionLibraries").GetInt32());
        }

        await AllowAsync(target, "restore");
        await service.PostAsync(
            "/backups/by-scan/restore",
            new { cache = "filled", endpoint = new { host = "127.0.0.1", port = target.Port, username = "restore", password = password.Reference } });
        JsonElement filled = await service.WaitForAsync("/caches/filled", "available");
        Assert.Equal(1, filled.GetProperty("restoration").GetProperty("outcome").GetProperty("functionLibraries").GetInt32());
        ClusterContents.AssertEqual(await ClusterContents.ReadAsync(source), await ClusterContents.ReadAsync(target));
    }

    private static async Task AllowAsync(ServerProcess server, string way)
    {
        (int status, string output, string error) = await ToolProcess.RunAsync(
            "rights", way, "--user", way, "--engine", server.Engine == CacheEngine.Valkey ? "valkey" : "redis", "--engine-version", (await server.VersionAsync()).ToString());
        Assert.True(status == 0, error);
        string line = Assert.Single(output.Split('\n'), line => line.StartsWith("ACL SETUSER ", StringComparison.Ordinal));
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync([.. line.Replace("PASSWORD", Password, StringComparison.Ordinal).Split(' ').Select(word => (RespArgument)word)]);

        // Every rule that would help is one that this server knows.
        string better = Assert.Single(output.Split('\n'), line => line.StartsWith("# better with ", StringComparison.Ordinal));
        await client.RequireAsync(["ACL", "SETUSER", "helped", .. better["# better with ".Length..].Trim().Split(' ').Select(word => (RespArgument)word)]);
    }
}
