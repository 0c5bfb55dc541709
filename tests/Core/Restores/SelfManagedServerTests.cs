using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Restores;

public sealed class SelfManagedServerTests
{
    [Theory]
    [InlineData("REDIS0006", "2.6.0", "7.2.0")]
    [InlineData("REDIS0009", "5.0.0", "7.2.0")]
    [InlineData("REDIS0010", "7.0.0", "7.2.0")]
    [InlineData("REDIS0011", "7.2.0", "7.2.0")]
    [InlineData("REDIS0012", "7.4.0", null)]
    [InlineData("VALKEY080", null, "9.0.0")]
    public async Task Oldest_version_that_loads_the_file_is_told_for_each_engine(string rdbVersion, string? redis, string? valkey)
    {
        Backup backup = await BackupAsync();
        SelfManagedServer server = SelfManagedServer.Of(backup with { Shards = [backup.Shards[0] with { RdbVersion = rdbVersion }] })!;
        Assert.Equal((redis, valkey), (server.MinimumRedis?.ToString(), server.MinimumValkey?.ToString()));
    }

    [Fact]
    public async Task Steps_stop_the_server_without_a_save_turn_the_append_only_file_off_and_start_it()
    {
        Backup backup = await BackupAsync();
        string steps = string.Join('\n', SelfManagedServer.Of(backup)!.Steps);
        int[] places = [.. new[] { "/backups/nightly/download", "CONFIG GET dir", "dbfilename", "SHUTDOWN NOSAVE", "appendonly no", "chown redis:redis", "systemctl start redis-server" }
            .Select(text => steps.IndexOf(text, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Backup valkey = backup with { Origin = backup.Origin! with { Engine = CacheEngine.Valkey } };
        Assert.Contains("valkey-cli SHUTDOWN NOSAVE", string.Join('\n', SelfManagedServer.Of(valkey)!.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_go_into_as_many_servers()
    {
        Backup backup = await BackupAsync();
        SelfManagedServer server = SelfManagedServer.Of(backup with { Shards = [backup.Shards[0], backup.Shards[0] with { Number = 2 }] })!;
        Assert.Contains("2 files", string.Join('\n', server.Steps), StringComparison.Ordinal);
        Assert.Contains("?shard=N", server.Steps[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backups_without_a_file_to_load_have_no_steps()
    {
        Backup backup = await BackupAsync();
        Assert.Null(SelfManagedServer.Of(backup with { Status = BackupStatus.Damaged }));
        Assert.Null(SelfManagedServer.Of(backup with { Origin = backup.Origin! with { Engine = CacheEngine.Memcached } }));
        Assert.Null(SelfManagedServer.Of(backup with { Origin = null, Shards = [] }));
    }

    private static Task<Backup> BackupAsync() => new MemoryService(TimeProvider.System).TakeBackupAsync("nightly");
}
