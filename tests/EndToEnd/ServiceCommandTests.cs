using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Events;
using CacheBackup.Local.Host;

namespace CacheBackup.EndToEnd;

/// <summary>The commands that speak to a service, as a user has them: processes of their own, against a service that runs.</summary>
[Trait("Category", "Server")]
public sealed class ServiceCommandTests
{
    [Fact]
    public async Task A_backups_life_from_a_terminal()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();

        Assert.Equal("available", Text(await RunAsync(service, "caches", "register", "shop", $"redis://127.0.0.1:{server.Port}", "--tag", "team=one", "--wait", "--json"), "status"));
        JsonElement backup = await RunAsync(service, "backups", "create", "nightly", "--cache", "shop", "--wait", "--json");
        Assert.Equal("available", Text(backup, "status"));
        Assert.Equal("nightly", Text((await RunAsync(service, "backups", "list", "--tag", "team=one", "--json")).GetProperty("backups")[0], "name"));
        JsonElement copy = await RunAsync(service, "restore", "nightly", "--into", "shop-copy", "--wait", "--json");
        Assert.Equal(backup.GetProperty("keys").GetInt64(), copy.GetProperty("restoration").GetProperty("outcome").GetProperty("total").GetInt64());
        Assert.Equal(2, (await RunAsync(service, "caches", "list", "--json")).GetProperty("caches").GetArrayLength());

        string execution = Text(backup, "execution")!;
        Assert.Equal("succeeded", Text(await RunAsync(service, "executions", "wait", execution, "--json"), "status"));
        (int cancelled, _, string cancelError) = await AskAsync(service, "executions", "cancel", execution);
        Assert.Equal(1, cancelled);
        Assert.Contains("has ended already (succeeded)", cancelError, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(service, "executions", "list", "--json")).GetProperty("executions").GetArrayLength());

        (int shown, string table, _) = await AskAsync(service, "backups", "list");
        Assert.Equal(0, shown);
        Assert.Contains("nightly", table, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync(service, "caches", "remove", "shop-copy", "--wait")).Status);
        Assert.Equal(0, (await AskAsync(service, "backups", "delete", "nightly", "--wait")).Status);
        (int gone, _, string error) = await AskAsync(service, "backups", "show", "nightly");
        Assert.Equal((1, "cache-backup backups show: There is no backup named nightly."), (gone, error.Trim()));
    }

    [Fact]
    public async Task A_wrong_token_is_said_to_be_wrong()
    {
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        string path = Path.Combine(service.Directory, "wrong");
        await File.WriteAllTextAsync(path, "wrong");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        (int status, _, string error) = await ToolProcess.RunAsync("caches", "list", "--url", service.Host.Url.AbsoluteUri, "--token-file", path);
        Assert.Equal(1, status);
        Assert.Contains("token", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_told_of_what_happens()
    {
        string directory = Directory.CreateTempSubdirectory("cache-backup-").FullName;
        string told = Path.Combine(directory, "told");
        LocalHostOptions options = new()
        {
            DataDirectory = directory,
            Url = new Uri("http://127.0.0.1:0"),
            Events = new EventTargets { Command = ["/usr/bin/tee", "-a", told] },
        };
        await using (LocalHost host = await LocalHost.StartAsync(options, null, CancellationToken.None))
        {
            using Fixtures.ServiceClient client = new(host.Url, host.Token.Value.Reveal());
            await client.PostAsync("/caches", new { name = "shop", host = "127.0.0.1", port = 1 });
            await client.WaitForAsync("/caches/shop", "create-failed");
        }

        string[] codes = [.. (await File.ReadAllLinesAsync(told)).Select(line => Text(JsonDocument.Parse(line).RootElement, "code")!)];
        Assert.Equal(["cache-registering", "cache-create-failed"], codes.Distinct());
        Directory.Delete(directory, recursive: true);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonElement> RunAsync(ServiceUnderTest service, params string[] arguments)
    {
        (int status, string output, string error) = await AskAsync(service, arguments);
        Assert.True(status == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static Task<(int Status, string Output, string Error)> AskAsync(ServiceUnderTest service, params string[] arguments) =>
        ToolProcess.RunAsync([.. arguments, "--url", service.Host.Url.AbsoluteUri, "--token-file", service.Host.Token.FilePath]);
}
