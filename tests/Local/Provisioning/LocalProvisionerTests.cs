using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Local.Provisioning;

[Trait("Category", "Server")]
public sealed class LocalProvisionerTests
{
    [Theory]
    [InlineData(CacheEngine.Redis, "redis-server")]
    [InlineData(CacheEngine.Valkey, "valkey-server")]
    public async Task New_cache_is_empty_and_answers_to_its_password_alone(CacheEngine engine, string program)
    {
        Requires.Program(program);
        await using ProvisionerRig rig = new();

        CacheAddress address = await rig.ProvisionAsync(engine: engine);

        await using CacheClient client = await ProvisionerRig.ConnectAsync(address);
        (await client.RequireAsync("DBSIZE")).TryGetNumber(out long keys);
        Assert.Equal(0, keys);
        Assert.Equal("127.0.0.1", address.Endpoint.Host);
        await using CacheClient stranger = await CacheClient.ConnectAsync(address.Endpoint, useTls: false, CancellationToken.None);
        Assert.True((await stranger.SendAsync("DBSIZE")).TryGetError(out RespError error));
        Assert.Equal("NOAUTH", error.Code);
        Assert.Equal(
            (await rig.Provisioner.VersionOfAsync(engine, CancellationToken.None)).ToString(),
            await ProvisionerRig.InfoAsync(address, engine == CacheEngine.Redis ? "redis_version" : "valkey_version"));
    }

    [Fact]
    public async Task New_cache_keeps_its_files_to_its_owner()
    {
        await using ProvisionerRig rig = new();
        await rig.ProvisionAsync();

        UnixFileMode others = (UnixFileMode)0b111_111;
        Assert.Equal(default, File.GetUnixFileMode(rig.Options.Folder) & others);
        Assert.Equal(default, File.GetUnixFileMode(rig.DirectoryOf(1)) & others);
        Assert.Equal(default, File.GetUnixFileMode(Path.Combine(rig.DirectoryOf(1), "password")) & others);
        Assert.Equal(default, File.GetUnixFileMode(Path.Combine(rig.DirectoryOf(1), "server.conf")) & others);
    }

    [Fact]
    public async Task Asking_again_returns_the_running_server()
    {
        await using ProvisionerRig rig = new();
        CacheAddress first = await rig.ProvisionAsync();
        string run = await ProvisionerRig.InfoAsync(first, "run_id");

        CacheAddress again = await rig.ProvisionAsync();
        using LocalProvisioner later = rig.New();
        CacheAddress afterRestart = await later.ProvisionAsync(new ProvisionRequest(ProvisionerRig.Name, 1, CacheEngine.Redis, null), CancellationToken.None);

        Assert.Equal(first, again);
        Assert.Equal(first, afterRestart);
        Assert.Equal(run, await ProvisionerRig.InfoAsync(afterRestart, "run_id"));
    }

    [Fact]
    public async Task Asking_twice_at_once_makes_one_server()
    {
        await using ProvisionerRig rig = new();

        CacheAddress[] addresses = await Task.WhenAll(rig.ProvisionAsync(), rig.ProvisionAsync(), rig.ProvisionAsync());

        Assert.Single(addresses.Distinct());
        Assert.Equal(
            rig.ProcessOf(1).ToString(CultureInfo.InvariantCulture), await ProvisionerRig.InfoAsync(addresses[0], "process_id"));
    }

    [Fact]
    public async Task Asking_again_after_the_server_died_starts_it_from_its_directory_on_its_port()
    {
        await using ProvisionerRig rig = new();
        CacheAddress first = await rig.ProvisionAsync();
        await using (CacheClient client = await ProvisionerRig.ConnectAsync(first))
        {
            await client.RequireAsync("SET", "greeting", "hello");
            await client.RequireAsync("SAVE");
        }

        await KillAsync(rig.ProcessOf(1));
        CacheAddress again = await rig.ProvisionAsync();

        Assert.Equal(first, again);
        Assert.Equal("hello", await GreetingAsync(again));
    }

    [Fact]
    public async Task Clean_stop_keeps_the_data_and_the_next_start_brings_all_servers_back()
    {
        await using ProvisionerRig rig = new();
        CacheAddress one = await rig.ProvisionAsync(generation: 1);
        CacheAddress two = await rig.ProvisionAsync(generation: 2);
        await using (CacheClient client = await ProvisionerRig.ConnectAsync(two))
        {
            await client.RequireAsync("SET", "greeting", "hello");
        }

        IReadOnlyList<KnownServer> stopped = await rig.Provisioner.StopAllAsync(CancellationToken.None);
        bool isGone = !IsAlive(rig, 1) && !IsAlive(rig, 2);
        using LocalProvisioner later = rig.New();
        IReadOnlyList<KnownServer> started = await later.StartKnownAsync(CancellationToken.None);

        Assert.True(isGone);
        Assert.All(stopped.Concat(started), server => Assert.Null(server.Failure));
        Assert.Equal([one.Endpoint, two.Endpoint], started.Select(server => server.Endpoint));
        Assert.Equal("hello", await GreetingAsync(two));
        Assert.Null(await GreetingAsync(one));
    }

    [Fact]
    public async Task Server_that_cannot_save_is_left_running_with_its_data()
    {
        await using ProvisionerRig rig = new();
        CacheAddress address = await rig.ProvisionAsync();
        await using (CacheClient client = await ProvisionerRig.ConnectAsync(address))
        {
            await client.RequireAsync("SET", "greeting", "hello");

            // A directory where the data file belongs: the rename at the end of saving fails, for root as well.
            Directory.CreateDirectory(Path.Combine(rig.DirectoryOf(1), "dump.rdb", "in-the-way"));
        }

        KnownServer server = Assert.Single(await rig.Provisioner.StopAllAsync(CancellationToken.None));

        Assert.NotNull(server.Failure);
        Assert.Equal("hello", await GreetingAsync(address));
    }

    [Fact]
    public async Task One_server_that_does_not_start_keeps_no_other_from_starting()
    {
        await using ProvisionerRig rig = new();
        await rig.ProvisionAsync(generation: 1);
        CacheAddress two = await rig.ProvisionAsync(generation: 2);
        await rig.Provisioner.StopAllAsync(CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(rig.DirectoryOf(1), "dump.rdb"), "REDIS0010 and then nonsense");

        IReadOnlyList<KnownServer> started = await rig.Provisioner.StartKnownAsync(CancellationToken.None);

        Assert.NotNull(started[0].Failure);
        Assert.Null(started[1].Failure);
        Assert.Null(await GreetingAsync(two));
    }

    [Fact]
    public async Task New_cache_loads_the_file_that_it_is_given()
    {
        await using ProvisionerRig rig = new();

        CacheAddress address = await rig.ProvisionAsync(loadFrom: await rig.StoreDataFileAsync());

        Assert.Equal("hello", await GreetingAsync(address));
    }

    [Fact]
    public async Task Data_of_a_loaded_cache_are_its_own_from_then_on()
    {
        await using ProvisionerRig rig = new();
        ObjectKey file = await rig.StoreDataFileAsync();
        CacheAddress address = await rig.ProvisionAsync(loadFrom: file);
        await using (CacheClient client = await ProvisionerRig.ConnectAsync(address))
        {
            await client.RequireAsync("SET", "greeting", "good day");
        }

        await rig.Provisioner.StopAllAsync(CancellationToken.None);
        await rig.ProvisionAsync(loadFrom: file);

        Assert.Equal("good day", await GreetingAsync(address));
    }

    [Fact]
    public async Task File_that_is_newer_than_the_server_is_refused_with_both_versions_and_the_log()
    {
        await using ProvisionerRig rig = new();
        ObjectKey key = new("data/new/shard-1.rdb");
        await rig.Store.PutAsync(key, "REDIS0099\u00ff........"u8.ToArray(), WriteCondition.None, CancellationToken.None);

        ProvisioningException refusal = await Assert.ThrowsAsync<ProvisioningException>(() => rig.ProvisionAsync(loadFrom: key));

        CacheVersion version = await rig.Provisioner.VersionOfAsync(CacheEngine.Redis, CancellationToken.None);
        Assert.Contains($"redis-server {version}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("REDIS0099", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Can't handle RDB format version 99", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_in_a_message_never_shows_the_password()
    {
        await using ProvisionerRig rig = new();
        CacheAddress address = await rig.ProvisionAsync();
        await rig.Provisioner.StopAllAsync(CancellationToken.None);
        string password = await ProvisionerRig.PasswordAsync(address);
        ServerDirectory directory = new(rig.DirectoryOf(1));
        long before = directory.LogLengthBytes;
        await File.AppendAllTextAsync(Path.Combine(rig.DirectoryOf(1), "server.log"), $">>> 'requirepass {password} more'\nBad directive\n");

        string tail = directory.LogTail(before);

        Assert.Equal(">>> 'requirepass **redacted** more' | Bad directive", tail);
    }

    [Fact]
    public async Task File_that_does_not_fit_is_refused_before_it_is_copied()
    {
        await using ProvisionerRig rig = new();
        ObjectKey file = await rig.StoreDataFileAsync();
        using LocalProvisioner cramped = rig.New(rig.Options with { SpareBytes = long.MaxValue / 2 });

        ProvisioningException refusal = await Assert.ThrowsAsync<ProvisioningException>(() => cramped.ProvisionAsync(
            new ProvisionRequest(ProvisionerRig.Name, 1, CacheEngine.Redis, file), CancellationToken.None));

        Assert.Contains("bytes free", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(rig.DirectoryOf(1)), path => path.Contains("dump.rdb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_generation_is_another_cache_and_removing_takes_all_of_the_name_and_no_other()
    {
        await using ProvisionerRig rig = new();
        CacheAddress one = await rig.ProvisionAsync(generation: 1);
        CacheAddress two = await rig.ProvisionAsync(generation: 2);
        CacheName similar = CacheName.Parse("orders-1");
        CacheAddress other = await rig.Provisioner.ProvisionAsync(new ProvisionRequest(similar, 2, CacheEngine.Redis, null), CancellationToken.None);
        int[] processes = [rig.ProcessOf(1), rig.ProcessOf(2)];

        await rig.Provisioner.RemoveAsync(ProvisionerRig.Name, CancellationToken.None);
        await rig.Provisioner.RemoveAsync(ProvisionerRig.Name, CancellationToken.None);

        Assert.NotEqual(one.Endpoint, two.Endpoint);
        Assert.All(processes, id => Assert.False(HasMemory(id)));
        Assert.Equal(["orders-1-2"], Directory.GetDirectories(rig.Options.Folder).Select(Path.GetFileName));
        Assert.Null(await GreetingAsync(other));
        await rig.Provisioner.RemoveAsync(similar, CancellationToken.None);
        Assert.Empty(Directory.GetDirectories(rig.Options.Folder));
    }

    [Fact]
    public async Task Process_id_that_now_belongs_to_another_program_is_left_alone()
    {
        await using ProvisionerRig rig = new();
        await rig.ProvisionAsync();
        await KillAsync(rig.ProcessOf(1));
        using Process bystander = Process.Start("sleep", "60");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(rig.DirectoryOf(1), "server.pid"), bystander.Id.ToString(CultureInfo.InvariantCulture));

            await rig.Provisioner.RemoveAsync(ProvisionerRig.Name, CancellationToken.None);

            Assert.False(bystander.HasExited);
            Assert.False(Directory.Exists(rig.DirectoryOf(1)));
        }
        finally
        {
            bystander.Kill();
        }
    }

    [Fact]
    public async Task Server_is_in_a_session_of_its_own_and_the_terminal_does_not_reach_it()
    {
        await using ProvisionerRig rig = new();
        await rig.ProvisionAsync();

        int server = rig.ProcessOf(1);
        string[] fields = (await File.ReadAllTextAsync($"/proc/{server}/stat")).Split(") ")[1].Split(' ');

        // After the name: state, parent, group, session, terminal.
        Assert.Equal(server.ToString(CultureInfo.InvariantCulture), fields[2]);
        Assert.Equal(server.ToString(CultureInfo.InvariantCulture), fields[3]);
        Assert.Equal("0", fields[4]);
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{server}/fd/0", returnFinalTarget: false)!.FullName);
    }

    [Fact]
    public async Task Port_that_another_program_took_is_told_and_the_cache_comes_back_when_it_is_free()
    {
        await using ProvisionerRig rig = new();
        CacheAddress address = await rig.ProvisionAsync();
        await rig.Provisioner.StopAllAsync(CancellationToken.None);
        using (TcpListener squatter = new(IPAddress.Loopback, address.Endpoint.Port))
        {
            squatter.Start();
            _ = AnswerAsync(squatter);

            ProvisioningException refusal = await Assert.ThrowsAsync<ProvisioningException>(() => rig.ProvisionAsync());

            Assert.Contains($"port {address.Endpoint.Port}", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(address, await rig.ProvisionAsync());
    }

    [Fact]
    public async Task Server_that_never_served_moves_to_another_port_where_its_own_is_taken()
    {
        await using ProvisionerRig rig = new();
        CacheAddress address = await rig.ProvisionAsync();
        await rig.Provisioner.StopAllAsync(CancellationToken.None);
        string record = Path.Combine(rig.DirectoryOf(1), "server.json");
        await File.WriteAllTextAsync(
            record, (await File.ReadAllTextAsync(record)).Replace("\"hasServed\": true", "\"hasServed\": false", StringComparison.Ordinal));
        using TcpListener squatter = new(IPAddress.Loopback, address.Endpoint.Port);
        squatter.Start();
        _ = AnswerAsync(squatter);

        CacheAddress moved = await rig.ProvisionAsync();

        Assert.NotEqual(address.Endpoint.Port, moved.Endpoint.Port);
        Assert.Null(await GreetingAsync(moved));
    }

    [Fact]
    public async Task Missing_program_is_named_with_how_to_install_it()
    {
        await using ProvisionerRig rig = new(("PATH", "/nowhere"));

        ProvisioningException refusal = await Assert.ThrowsAsync<ProvisioningException>(() => rig.ProvisionAsync(engine: CacheEngine.Valkey));

        Assert.Contains("valkey-server", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("CACHE_BACKUP_VALKEY_SERVER", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(rig.Options.Folder));
    }

    [Fact]
    public async Task Program_of_the_other_engine_is_refused()
    {
        string redis = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "redis-server")).First(File.Exists);
        await using ProvisionerRig rig = new(("CACHE_BACKUP_VALKEY_SERVER", redis));

        ProvisioningException refusal = await Assert.ThrowsAsync<ProvisioningException>(
            () => rig.Provisioner.VersionOfAsync(CacheEngine.Valkey, CancellationToken.None));

        Assert.Contains("Valkey server", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memcached_cannot_be_made_here()
    {
        await using ProvisionerRig rig = new();

        await Assert.ThrowsAsync<ProvisioningException>(() => rig.ProvisionAsync(engine: CacheEngine.Memcached));
    }

    /// <summary>A process that was ended and not yet collected by its parent has none.</summary>
    private static bool HasMemory(int processId)
    {
        string status = $"/proc/{processId}/status";
        return File.Exists(status) && File.ReadAllText(status).Contains("VmRSS", StringComparison.Ordinal);
    }

    private static bool IsAlive(ProvisionerRig rig, long generation) =>
        ServerProcesses.Find(new ServerDirectory(rig.DirectoryOf(generation))) is not null;

    private static async Task<string?> GreetingAsync(CacheAddress address)
    {
        await using CacheClient client = await ProvisionerRig.ConnectAsync(address);
        return (await client.RequireAsync("GET", "greeting")).TryGetText(out string text) ? text : null;
    }

    private static async Task KillAsync(int processId)
    {
        using Process process = Process.GetProcessById(processId);
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Some other program: answers every connection with a line that is no RESP.</summary>
    private static async Task AnswerAsync(TcpListener listener)
    {
        while (true)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                return;
            }
        }
    }
}
