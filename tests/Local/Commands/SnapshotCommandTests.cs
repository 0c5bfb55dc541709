using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Local.Commands;

[Trait("Category", "Server")]
public sealed class SnapshotCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Target => Path.Combine(_directory.Path, "orders.rdb");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Snapshot_is_a_file_that_verifies_and_only_its_owner_reads(CacheEngine engine)
    {
        await using ServerProcess server = await StartAsync(engine);

        ToolRun run = await ToolRun.RunAsync("snapshot", UrlOf(server), Target);

        Assert.True(run.Status == ExitStatus.Success, run.Error);
        Assert.Contains("2 keys", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Success, (await ToolRun.RunAsync("verify", Target)).Status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.Equal([Target], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task File_that_exists_is_kept_unless_forced()
    {
        await using ServerProcess server = await StartAsync(CacheEngine.Redis);
        await File.WriteAllTextAsync(Target, "precious");

        ToolRun refused = await ToolRun.RunAsync("snapshot", UrlOf(server), Target);
        string kept = await File.ReadAllTextAsync(Target);
        ToolRun forced = await ToolRun.RunAsync("snapshot", UrlOf(server), Target, "--force");

        Assert.Equal(ExitStatus.Failure, refused.Status);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal("precious", kept);
        Assert.Equal(ExitStatus.Success, forced.Status);
        Assert.Equal(ExitStatus.Success, (await ToolRun.RunAsync("verify", Target)).Status);
    }

    [Fact]
    public async Task Failed_snapshot_leaves_the_old_file_and_nothing_else()
    {
        await File.WriteAllTextAsync(Target, "precious");
        FakeSource source = new() { Rdb = new byte[100_000] };
        await using FakeCacheServer server = FakeCacheServer.Start(source);

        // What comes is no RDB file.
        ToolRun run = await ToolRun.RunAsync("snapshot", $"redis://{server.Endpoint}", Target, "--force");

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("BadMagic", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Left_over_of_a_killed_run_is_no_hindrance()
    {
        await using ServerProcess server = await StartAsync(CacheEngine.Redis);
        await File.WriteAllBytesAsync(Target + ".partial", new byte[1_000_000]);

        ToolRun run = await ToolRun.RunAsync("snapshot", UrlOf(server), Target);

        Assert.Equal(ExitStatus.Success, run.Status);
        Assert.Equal(ExitStatus.Success, (await ToolRun.RunAsync("verify", Target)).Status);
        Assert.False(File.Exists(Target + ".partial"));
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_named()
    {
        await using ServerProcess server = await StartAsync(CacheEngine.Redis);

        ToolRun run = await ToolRun.RunAsync("snapshot", UrlOf(server), Path.Combine(_directory.Path, "missing", "orders.rdb"));

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable_server_is_named()
    {
        ToolRun run = await ToolRun.RunAsync("snapshot", "redis://127.0.0.1:1", Target);

        Assert.Equal(ExitStatus.Failure, run.Status);
        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Password_comes_from_the_environment_or_a_private_file()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Configuration = ["requirepass open-sesame", "user backup on >other-word ~* &* +@all"],
        });
        string file = Path.Combine(_directory.Path, "password");
        await File.WriteAllTextAsync(file, "other-word\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);

        ToolRun missing = await ToolRun.RunAsync("snapshot", UrlOf(server), Target);
        ToolRun wrong = await ToolRun.RunAsync(["snapshot", UrlOf(server), Target], "guessed");
        ToolRun fromEnvironment = await ToolRun.RunAsync(["snapshot", UrlOf(server), Target], "open-sesame");
        ToolRun fromFile = await ToolRun.RunAsync(
            ["snapshot", $"redis://backup@127.0.0.1:{server.Port}", Target, "--force", "--password-file", file], "guessed");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        ToolRun open = await ToolRun.RunAsync("snapshot", UrlOf(server), Target, "--force", "--password-file", file);

        Assert.Equal(
            [ExitStatus.Failure, ExitStatus.Failure, ExitStatus.Success, ExitStatus.Success, ExitStatus.Failure],
            new[] { missing, wrong, fromEnvironment, fromFile, open }.Select(run => run.Status));
        Assert.Contains("password", missing.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("password", wrong.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("guessed", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("chmod 600", open.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_certificate_and_name_are_checked()
    {
        using TestCertificates authority = new();
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Certificate = authority.Server(),
            AuthorityPem = authority.AuthorityPem,
        });
        string ca = Path.Combine(_directory.Path, "ca.pem");
        await File.WriteAllTextAsync(ca, authority.AuthorityPem);
        string url = string.Create(CultureInfo.InvariantCulture, $"rediss://localhost:{server.Port}");

        ToolRun trusted = await ToolRun.RunAsync("snapshot", url, Target, "--ca", ca);
        ToolRun untrusted = await ToolRun.RunAsync("snapshot", url, Target, "--force");
        ToolRun misnamed = await ToolRun.RunAsync("snapshot", url, Target, "--force", "--ca", ca, "--server-name", "other.example.com");

        Assert.Equal(ExitStatus.Success, trusted.Status);
        Assert.Equal(ExitStatus.Failure, untrusted.Status);
        Assert.Equal(ExitStatus.Failure, misnamed.Status);
        Assert.Contains("other.example.com", misnamed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_values_of_marked_keys_are_scanned_in_pieces()
    {
        await using ServerProcess server = await StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        for (int i = 0; i < 10; i++)
        {
            await client.RequireAsync(["SADD", "large", .. Enumerable.Range(i * 1_000, 1_000).Select(member => (RespArgument)member)]);
        }

        ToolRun run = await ToolRun.RunAsync("snapshot", UrlOf(server), Target, "--method", "scan", "--in-pieces", "nothing", "--in-pieces", "lar*");

        Assert.True(run.Status == ExitStatus.Success, run.Error);
        Assert.Contains("3 keys", run.Output, StringComparison.Ordinal);
        string commands = await client.TextAsync("INFO", "commandstats");
        Assert.Contains("cmdstat_sscan:", commands, StringComparison.Ordinal);
        Assert.Contains("cmdstat_dump:calls=2,", commands, StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Success, (await ToolRun.RunAsync("verify", Target)).Status);
    }

    [Theory]
    [InlineData("redis://127.0.0.1:1", "replication")]
    [InlineData("memcached://127.0.0.1:1", "scan")]
    public async Task Pieces_are_refused_where_nothing_is_scanned_by_key(string url, string method)
    {
        ToolRun run = await ToolRun.RunAsync("snapshot", url, Target, "--method", method, "--in-pieces", "large");

        Assert.Equal(ExitStatus.BadUsage, run.Status);
        Assert.Contains("--method scan", run.Error, StringComparison.Ordinal);
    }

    private static string UrlOf(ServerProcess server) => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{server.Port}");

    private static async Task<ServerProcess> StartAsync(CacheEngine engine)
    {
        ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "a", "1");
        await client.RequireAsync("SET", "b", "2");
        return server;
    }
}
