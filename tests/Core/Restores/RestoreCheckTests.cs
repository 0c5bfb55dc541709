using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class RestoreCheckTests
{
    private static readonly CacheVersion Redis70 = new(7, 0, 15);
    private static readonly CacheVersion Valkey80 = new(8, 0, 1);

    [Theory]
    [InlineData(CacheEngine.Redis, "7.0.15", "REDIS0010", true)]
    [InlineData(CacheEngine.Redis, "7.0.15", "REDIS0011", false)]
    [InlineData(CacheEngine.Redis, "6.2.14", "REDIS0009", true)]
    [InlineData(CacheEngine.Redis, "6.2.14", "REDIS0010", false)]
    [InlineData(CacheEngine.Redis, "7.2.4", "REDIS0011", true)]
    [InlineData(CacheEngine.Redis, "7.2.4", "REDIS0012", false)]
    [InlineData(CacheEngine.Redis, "7.4.0", "REDIS0012", true)]
    [InlineData(CacheEngine.Redis, "8.0.6", "REDIS0012", true)]
    [InlineData(CacheEngine.Redis, "8.0.6", "VALKEY080", false)]
    [InlineData(CacheEngine.Valkey, "7.2.5", "REDIS0011", true)]
    [InlineData(CacheEngine.Valkey, "8.1.0", "REDIS0011", true)]
    [InlineData(CacheEngine.Valkey, "8.1.0", "REDIS0012", false)]
    [InlineData(CacheEngine.Valkey, "8.1.0", "VALKEY080", false)]
    [InlineData(CacheEngine.Valkey, "9.0.0", "VALKEY080", true)]
    [InlineData(CacheEngine.Valkey, "9.0.0", "VALKEY081", false)]
    [InlineData(CacheEngine.Valkey, "9.0.0", "REDIS0011", true)]
    [InlineData(CacheEngine.Valkey, "9.0.0", "REDIS0012", false)]
    public void Check_knows_which_files_a_server_loads(CacheEngine engine, string serverVersion, string fileVersion, bool loads)
    {
        Assert.True(CacheVersion.TryParse(serverVersion, out CacheVersion server));
        RestoreSubject backup = Backup(engine, server) with { RdbVersion = Version(fileVersion) };
        if (loads)
        {
            RestoreCheck.RequireLoadable(backup, engine, server, EngineChange.Refused);
            return;
        }

        var refusal = Assert.Throws<BackupNotRestorableException>(() => RestoreCheck.RequireLoadable(backup, engine, server, EngineChange.Refused));
        Assert.Contains(fileVersion, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(serverVersion, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CacheEngine.Redis, CacheEngine.Valkey, EngineChange.Refused, false)]
    [InlineData(CacheEngine.Redis, CacheEngine.Valkey, EngineChange.RedisToValkey, true)]
    [InlineData(CacheEngine.Redis, CacheEngine.Valkey, EngineChange.Any, true)]
    [InlineData(CacheEngine.Valkey, CacheEngine.Redis, EngineChange.Refused, false)]
    [InlineData(CacheEngine.Valkey, CacheEngine.Redis, EngineChange.RedisToValkey, false)]
    [InlineData(CacheEngine.Valkey, CacheEngine.Redis, EngineChange.Any, true)]
    [InlineData(CacheEngine.Memcached, CacheEngine.Redis, EngineChange.Any, false)]
    public void Check_lets_a_backup_change_its_engine_only_when_told_so(CacheEngine from, CacheEngine to, EngineChange change, bool allowed)
    {
        RestoreSubject backup = Backup(from, Redis70);
        CacheProbe target = Target(to, Valkey80);
        if (allowed)
        {
            RestoreCheck.RequireRestorable(backup, target, change);
            return;
        }

        var refusal = Assert.Throws<BackupNotRestorableException>(() => RestoreCheck.RequireRestorable(backup, target, change));
        Assert.Contains(from == CacheEngine.Redis ? "Redis OSS 7.0.15" : from.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains(to == CacheEngine.Redis ? "Redis OSS" : "Valkey 8.0.1", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RdbType.SetListpack, "7.0.15", ValueWay.Older)]
    [InlineData(RdbType.SetListpack, "7.2.0", ValueWay.AsStored)]
    [InlineData(RdbType.ListQuicklist2, "6.2.0", ValueWay.Older)]
    [InlineData(RdbType.HashListpack, "5.0.0", ValueWay.Older)]
    [InlineData(RdbType.SortedSetListpack, "5.0.0", ValueWay.Older)]
    [InlineData(RdbType.SortedSetZiplist, "5.0.0", ValueWay.AsStored)]
    [InlineData(RdbType.Stream3, "7.0.15", ValueWay.Older)]
    [InlineData(RdbType.Stream2, "7.0.15", ValueWay.AsStored)]
    [InlineData(RdbType.Stream2, "6.2.0", ValueWay.Older)]
    [InlineData(RdbType.Stream2, "4.0.0", ValueWay.None)]
    [InlineData(RdbType.HashListpackExpiry, "7.2.0", ValueWay.None)]
    [InlineData(RdbType.HashListpackExpiry, "7.4.0", ValueWay.AsStored)]
    [InlineData(RdbType.HashMetadata, "7.4.0", ValueWay.AsStored)]
    [InlineData(RdbType.Module2, "8.0.0", ValueWay.None)]
    public void Check_counts_keys_of_types_that_the_target_cannot_hold(RdbType type, string serverVersion, ValueWay way)
    {
        Assert.True(CacheVersion.TryParse(serverVersion, out CacheVersion server));
        RestoreSubject backup = Backup(CacheEngine.Redis, server) with
        {
            RdbVersion = Version("REDIS0012"),
            Types = new Dictionary<RdbType, long> { [RdbType.String] = 5, [type] = 1_234 },
        };
        CacheProbe target = Target(CacheEngine.Redis, server);
        Assert.Equal(way, TargetFormats.Of(target).WayOf(RdbMagic.Redis, type));
        if (way != ValueWay.None)
        {
            RestoreCheck.RequireRestorable(backup, target, EngineChange.Refused);
            return;
        }

        var refusal = Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(backup, target, EngineChange.Refused));
        Assert.Contains($"1,234 key(s) of type {type}", refusal.Message, StringComparison.Ordinal);
        RestoreCheck.RequireRestorable(backup, target, EngineChange.Refused, leaveOutRefused: true);
    }

    [Fact]
    public void Check_lets_modules_values_through_where_a_module_is_loaded()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis, Redis70) with { Types = new Dictionary<RdbType, long> { [RdbType.Module2] = 1 } };
        RestoreCheck.RequireRestorable(backup, Target(CacheEngine.Redis, Redis70) with { HasModules = true }, EngineChange.Refused);
    }

    [Fact]
    public void Check_tells_field_expiries_of_Valkey_from_those_of_Redis()
    {
        var types = new Dictionary<RdbType, long> { [RdbType.HashWithFieldExpiry] = 1 };
        RestoreSubject valkey = Backup(CacheEngine.Valkey, new CacheVersion(9, 0, 0)) with { RdbVersion = Version("VALKEY080"), Types = types };
        RestoreCheck.RequireRestorable(valkey, Target(CacheEngine.Valkey, new CacheVersion(9, 0, 0)), EngineChange.Refused);
        Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(valkey, Target(CacheEngine.Valkey, new CacheVersion(8, 1, 0)), EngineChange.Refused));

        // Each family has a type of its own for them, and both have the command.
        CacheProbe other = Target(CacheEngine.Redis, new CacheVersion(8, 0, 0));
        Assert.Equal(ValueWay.Elements, TargetFormats.Of(other).WayOf(RdbMagic.Valkey, RdbType.HashWithFieldExpiry));
        RestoreCheck.RequireRestorable(valkey, other, EngineChange.Any);
        Assert.Equal(
            ValueWay.Elements, new TargetFormats(CacheEngine.Valkey, new CacheVersion(9, 0, 0), false).WayOf(RdbMagic.Redis, RdbType.HashListpackExpiry));
    }

    [Fact]
    public void Check_refuses_databases_other_than_0_into_cluster_mode()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis, Redis70) with { Databases = [0, 3, 9] };
        CacheProbe target = Target(CacheEngine.Redis, Redis70);
        RestoreCheck.RequireRestorable(backup, target, EngineChange.Refused);
        var refusal = Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(backup, target with { ClusterEnabled = true }, EngineChange.Refused));
        Assert.Contains("3, 9", refusal.Message, StringComparison.Ordinal);
        RestoreCheck.RequireRestorable(backup with { Databases = [0] }, target with { ClusterEnabled = true }, EngineChange.Refused);
    }

    [Fact]
    public void Check_refuses_data_larger_than_the_targets_memory_limit()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis, Redis70) with { MemoryEstimateBytes = 2_000_000 };
        CacheProbe target = Target(CacheEngine.Redis, Redis70);
        RestoreCheck.RequireRestorable(backup, target with { MaxMemoryBytes = 0 }, EngineChange.Refused);
        RestoreCheck.RequireRestorable(backup, target with { MaxMemoryBytes = 2_000_000 }, EngineChange.Refused);
        var refusal = Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(backup, target with { MaxMemoryBytes = 1_999_999 }, EngineChange.Refused));
        Assert.Contains("2,000,000", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("1,999,999", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_refuses_functions_where_the_target_has_none_and_a_replica_as_target()
    {
        RestoreSubject backup = Backup(CacheEngine.Redis, Redis70) with { Functions = 2 };
        RestoreCheck.RequireRestorable(backup, Target(CacheEngine.Redis, Redis70), EngineChange.Refused);
        Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(backup, Target(CacheEngine.Redis, new CacheVersion(6, 2, 0)), EngineChange.Refused));
        Assert.Throws<BackupNotRestorableException>(
            () => RestoreCheck.RequireRestorable(backup, Target(CacheEngine.Redis, Redis70) with { IsReplica = true }, EngineChange.Refused));
    }

    [Fact]
    public void Check_refuses_a_target_that_holds_keys_or_functions()
    {
        CacheProbe target = Target(CacheEngine.Redis, Redis70);
        RestoreCheck.RequireEmpty(target);
        RestoreCheck.RequireEmpty(target with { FunctionLibraries = 0 });
        Assert.Throws<TargetNotEmptyException>(() => RestoreCheck.RequireEmpty(target with { FunctionLibraries = 1 }));
        var refusal = Assert.Throws<TargetNotEmptyException>(
            () => RestoreCheck.RequireEmpty(target with { KeysByDatabase = new Dictionary<int, long> { [4] = 7 } }));
        Assert.Contains("7 key(s) in 1 database(s)", refusal.Message, StringComparison.Ordinal);
    }

    private static RdbVersion Version(string text)
    {
        Assert.True(RdbVersion.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out RdbVersion version));
        return version;
    }

    private static RestoreSubject Backup(CacheEngine engine, CacheVersion version) => new()
    {
        Engine = engine,
        Version = version,
        RdbVersion = new RdbVersion(RdbMagic.Redis, 10),
        Types = new Dictionary<RdbType, long> { [RdbType.String] = 10 },
        Databases = [0],
        Keys = 10,
        Functions = 0,
        MemoryEstimateBytes = 1_000_000,
    };

    private static CacheProbe Target(CacheEngine engine, CacheVersion version) => new()
    {
        Engine = engine,
        Version = version,
        RunId = "0123",
        ServerTime = DateTimeOffset.UnixEpoch,
        ClusterEnabled = false,
        IsReplica = false,
        IsLoading = false,
        KeysByDatabase = new Dictionary<int, long>(),
        ExpiringKeysByDatabase = new Dictionary<int, long>(),
        UsedMemoryBytes = 1_000,
        MaxMemoryBytes = 0,
        TotalSystemMemoryBytes = 1_000_000_000,
    };
}
