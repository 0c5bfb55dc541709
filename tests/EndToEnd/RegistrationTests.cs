using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Caches that cannot be registered.</summary>
[Trait("Category", "Server")]
public sealed class RegistrationTests
{
    private const string PasswordVariable = "CACHE_BACKUP_END_TO_END_PASSWORD";

    [Fact]
    public async Task Unreachable_server_ends_as_create_failed_and_its_name_can_be_taken_again()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        int port = ClosedPort();
        await service.PostAsync("/caches", new { name = "source", host = "127.0.0.1", port });
        JsonElement cache = await service.WaitForAsync("/caches/source", "create-failed");
        Answers.AssertReason(cache, "CacheUnreachableException", $"127.0.0.1:{port}");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups", new { name = "first", cache = "source" }),
            HttpStatusCode.Conflict, "conflict", "create-failed", $"127.0.0.1:{port}");
        await service.RegisterAsync("source", server.Port);
        await service.BackUpAsync("first", "source");
    }

    [Fact]
    public async Task Wrong_password_is_told_as_such_and_appears_nowhere()
    {
        const string Right = "right-4c5b7e90d2";
        const string Wrong = "wrong-8f1e6a37b4";
        Environment.SetEnvironmentVariable(PasswordVariable, Wrong);
        ConcurrentQueue<string> log = new();
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Configuration = [$"requirepass {Right}"] });
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(log: log.Enqueue);
        object request = new { name = "source", host = "127.0.0.1", port = server.Port, password = $"env:{PasswordVariable}" };
        JsonElement accepted = await service.PostAsync("/caches", request);
        JsonElement refused = await service.WaitForAsync("/caches/source", "create-failed");
        Answers.AssertReason(refused, "CacheAccessDeniedException", $"127.0.0.1:{server.Port}");

        Environment.SetEnvironmentVariable(PasswordVariable, Right);
        await service.PostAsync("/caches", request);
        JsonElement registered = await service.WaitForAsync("/caches/source", "available");
        JsonElement backup = await service.BackUpAsync("first", "source");
        JsonElement execution = (await service.GetAsync($"/executions/{Uri.EscapeDataString(backup.GetProperty("execution").GetString()!)}")).Body;
        JsonElement copy = await service.RestoreAsync("first", "copy");
        string madePassword = (await File.ReadAllTextAsync(
            copy.GetProperty("shards")[0].GetProperty("address").GetProperty("password").GetString()!["file:".Length..])).Trim();

        string[] told = [.. log, .. new[] { accepted, refused, registered, backup, execution, copy }.Select(body => body.GetRawText())];
        Assert.NotEmpty(log);
        foreach (string secret in (string[])[Right, Wrong, madePassword, service.Host.Token.Value.Reveal()])
        {
            Assert.All(told, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
            Assert.Empty(FilesWith(secret, service.Directory));
        }
    }

    [Fact]
    public async Task Name_that_is_taken_is_refused_and_free_again_once_it_was_removed()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", server.Port);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/caches", new { name = "SOURCE", host = "127.0.0.1", port = server.Port }),
            HttpStatusCode.Conflict, "conflict", "cache named source");

        // At once, and more than once: no execution's name may come up again.
        for (int i = 0; i < 3; i++)
        {
            await service.Client.RemoveAsync("/caches/source");
            await service.RegisterAsync("source", server.Port);
        }
    }

    [Fact]
    public async Task Racing_registrations_of_one_name_have_one_winner()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            service.SendAsync(HttpMethod.Post, "/caches", new { name = "raced", host = "127.0.0.1", port = server.Port })));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.Accepted),
            loser => Answers.AssertProblem(loser, HttpStatusCode.Conflict, "conflict", "cache named raced"));
        await service.WaitForAsync("/caches/raced", "available");
    }

    private static int ClosedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where a secret lies that is not made for it: the token's own file, and a made server's password and configuration.</summary>
    private static IEnumerable<string> FilesWith(string secret, string directory) =>
        from path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        where Path.GetFileName(path) is not ("token" or "password" or "server.conf" or ".lock")
            && !path.Contains("/~store/locks/", StringComparison.Ordinal)
        where TextOf(path).Contains(secret, StringComparison.Ordinal)
        select path;

    /// <summary>The service goes on meanwhile: it holds files of its own, and removes others.</summary>
    private static string TextOf(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(file, System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return string.Empty;
        }
    }
}
