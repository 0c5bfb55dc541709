using CacheBackup.Caches.Probe;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Probe;

/// <summary>The probe on scripted nodes: versions that are not installed here, and peers that are no caches.</summary>
public sealed class CacheProberTests
{
    private const string RunId = "0123456789abcdef0123456789abcdef01234567";
    private const string Time = "*2\r\n$10\r\n1700000000\r\n$6\r\n123456\r\n";
    private const string KnownCommands = "*3\r\n*1\r\n$5\r\npsync\r\n*1\r\n$4\r\nsync\r\n*1\r\n$8\r\nreplconf\r\n";

    public static TheoryData<string, CacheEngine, string> Servers => new()
    {
        { $"redis_version:5.0.14\r\nrun_id:{RunId}\r\n", CacheEngine.Redis, "5.0.14" },
        { $"redis_version:255.255.255\r\nrun_id:{RunId}\r\n", CacheEngine.Redis, "255.255.255" },
        { $"redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\nrun_id:{RunId}\r\n", CacheEngine.Valkey, "9.1.2" },
        { $"redis_version:7.2.4\r\nvalkey_version:8.1.0-rc1\r\nrun_id:{RunId}\r\n", CacheEngine.Valkey, "8.1.0" },
        { $"redis_version:8.0.6\r\nrun_id:{RunId}\r\ndb0:keys=3,expires=1,avg_ttl=0,subexpiry=2\r\n", CacheEngine.Redis, "8.0.6" },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Engine_and_version_are_the_servers_own(string info, CacheEngine engine, string version)
    {
        CacheProbe probe = await ProbeAsync(Replies(info));
        Assert.Equal(engine, probe.Engine);
        Assert.Equal(version, probe.Version.ToString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), probe.ServerTime);
        Assert.Null(probe.FunctionLibraries);
        Assert.Null(probe.ReplicationRefusal);
    }

    [Fact]
    public async Task Databases_are_read_from_the_keyspace()
    {
        string info = $"redis_version:7.0.15\r\nrun_id:{RunId}\r\n# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=9\r\ndb15:keys=7,expires=0,avg_ttl=0\r\ndbx:keys=1\r\n";
        CacheProbe probe = await ProbeAsync(Replies(info));
        Assert.Equal(new Dictionary<int, long> { [0] = 12, [15] = 7 }, probe.KeysByDatabase);
        Assert.Equal(new Dictionary<int, long> { [0] = 3, [15] = 0 }, probe.ExpiringKeysByDatabase);
    }

    [Theory]
    [InlineData("+OK\r\n", typeof(CacheProtocolException))]
    [InlineData("$0\r\n\r\n", typeof(CacheProtocolException))]
    [InlineData("$26\r\nredis_version:x\r\nrun_id:1\r\n\r\n", typeof(CacheProtocolException))]
    [InlineData("-NOAUTH Authentication required.\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-ERR unknown command 'INFO'\r\n", typeof(CacheProtocolException))]
    [InlineData("ERROR\r\n", typeof(CacheProtocolException))]
    public async Task What_is_no_cache_is_refused(string info, Type expected)
    {
        Dictionary<string, string> replies = Replies(string.Empty);
        replies["INFO"] = info;
        await Assert.ThrowsAsync(expected, () => ProbeAsync(replies));
    }

    [Theory]
    [InlineData("-@all +psync +replconf", null)]
    [InlineData("-@all +sync +replconf", null)]
    [InlineData("+@all", null)]
    [InlineData("+@all -@dangerous", "+replconf")]
    [InlineData("+@all -@admin +replconf", "+psync")]
    [InlineData("+@all -@dangerous +replconf +psync", null)]
    [InlineData("+@all -psync -sync", "+psync")]
    [InlineData("-@all +psync -@all +replconf", "+psync")]
    [InlineData("-@all +@read", "+replconf")]
    public async Task Before_DRYRUN_the_rules_of_the_user_are_read(string rules, string? missing)
    {
        Dictionary<string, string> replies = Replies($"redis_version:6.2.14\r\nrun_id:{RunId}\r\n");
        replies["ACL WHOAMI"] = "$6\r\nbackup\r\n";
        replies["ACL DRYRUN"] = "-ERR Unknown subcommand or wrong number of arguments for 'DRYRUN'. Try ACL HELP.\r\n";
        replies["ACL GETUSER"] = $"*4\r\n$5\r\nflags\r\n*1\r\n$2\r\non\r\n$8\r\ncommands\r\n${rules.Length}\r\n{rules}\r\n";
        CacheProbe probe = await ProbeAsync(replies);
        Assert.Equal(missing is null, probe.ReplicationRefusal is null);
        Assert.Contains(missing ?? string.Empty, probe.ReplicationRefusal ?? string.Empty, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Replies(string info) => new()
    {
        ["INFO"] = $"${info.Length}\r\n{info}\r\n",
        ["TIME"] = Time,
        ["FUNCTION"] = "-ERR unknown command `FUNCTION`, with args beginning with: `LIST`, \r\n",
        ["COMMAND"] = KnownCommands,
        ["ACL"] = "-ERR unknown command `ACL`\r\n",
    };

    private static async Task<CacheProbe> ProbeAsync(Dictionary<string, string> replies)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Replies = replies });
        await using RespConnection connection = await RespConnection.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        return await CacheProber.ProbeAsync(connection, default);
    }
}
