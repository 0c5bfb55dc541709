using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Caches.Tests;

/// <summary>
/// Files of every age and engine, restored key by key into servers that would mostly not load them from disk, and compared.
/// </summary>
[Trait("Category", "Server")]
public sealed class RestoreFixturesTests
{
    [Theory]
    [InlineData(CacheEngine.Redis, 50)]
    [InlineData(CacheEngine.Valkey, 60)]
    public async Task Every_file_that_the_check_lets_through_comes_back_equal(CacheEngine engine, int atLeast)
    {
        string[] files = Directory.GetFiles(SharedFixtures.Path("rdb"), "*.rdb");
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        var equal = new List<string>();
        var wrong = new List<string>();
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            string outcome = await RestoreAsync(server, await File.ReadAllBytesAsync(file));
            (outcome == "equal" ? equal : wrong).Add($"{Path.GetFileName(file)}: {outcome}");
        }

        // What is left out: damaged files, versions of the future, and types that the server does not know, modules among them.
        Assert.DoesNotContain(wrong, outcome => !outcome.Contains(": refused", StringComparison.Ordinal));
        Assert.True(equal.Count >= atLeast, $"{equal.Count} files: {string.Join("\n", wrong)}");
    }

    private static async Task<string> RestoreAsync(ServerProcess server, byte[] file)
    {
        var store = new MemoryObjectStore(TimeProvider.System);
        var keys = new SnapshotKeys(new ObjectKey("data/0123/shard-0.rdb"), new ObjectKey("data/0123/shard-0.index"));
        try
        {
            await EmptyAsync(server);
            IndexedContent content = (await new SnapshotRun(store, TimeProvider.System, SnapshotOptions.Default, new Random(1))
                .RunAsync(PipedSnapshotSource.Of(file), keys, null, default)).Content;
            await using RespTarget target = await RespTarget.ConnectAsync(
                server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
            CacheProbe probe = await target.DescribeAsync(default);
            RestoreCheck.RequireEmpty(probe);
            RestoreCheck.RequireRestorable(RestoreSubject.Of(content.Summary.Version.Family, null, [content.Summary]), probe, EngineChange.Any);
            var range = RestoreRange.Whole(keys.Data, content.Index);
            RestoreReport restored = await new RestoreRun(store, TimeProvider.System).RunAsync(range, target, null, default);
            CompareReport compared = await new CompareRun(store, TimeProvider.System).RunAsync(range, target, null, default);
            compared = await CompareTotals.RunAsync(target, content.Summary.Databases, compared, default);
            compared.ThrowIfDifferent();
            return restored.Restored + restored.ExpiredBefore == compared.Compared ? "equal" : "counts differ";
        }
        catch (RdbFormatException e)
        {
            return $"refused by the reader: {e.Code}";
        }
        catch (Exception e) when (e is BackupNotRestorableException or TargetRefusedException)
        {
            return $"refused: {e.Message}";
        }
        catch (RestoreMismatchException e)
        {
            return e.Message;
        }
    }

    private static async Task EmptyAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("FLUSHALL");
        await client.RequireAsync("FUNCTION", "FLUSH");
    }
}
