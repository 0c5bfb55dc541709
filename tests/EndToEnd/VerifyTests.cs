using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Backups that are read back from the store of a running service.</summary>
[Trait("Category", "Server")]
public sealed class VerifyTests
{
    [Fact]
    public async Task Good_backup_is_verified_and_shown_so()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await BackUpAsync(service, server);
        JsonElement verification = await VerifyAsync(service);
        JsonElement backup = (await service.GetAsync("/backups/first")).Body;
        Assert.Equal(0, verification.GetProperty("findingCount").GetInt64());
        Assert.Equal(backup.GetProperty("sizeBytes").GetInt64(), verification.GetProperty("bytes").GetInt64());
        Assert.Equal("available", backup.GetProperty("status").GetString());
        Assert.Equal(0, backup.GetProperty("uses").GetArrayLength());
    }

    [Fact]
    public async Task Flipped_byte_in_the_store_is_found_and_the_backup_is_not_restored_without_the_word()
    {
        byte[] large = new byte[2_000_000];
        new Random(987_654_321).NextBytes(large);
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using (CacheClient client = await server.ConnectAsync())
        {
            await client.RequireAsync("SET", "large", large);
        }

        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        JsonElement backup = await BackUpAsync(service, server);
        await ChangeAsync(service, backup, file => file[file.AsSpan().IndexOf(large.AsSpan(0, 100)) + 50] ^= 1);

        JsonElement verification = await VerifyAsync(service);
        Assert.Equal("segment", verification.GetProperty("findings")[0].GetProperty("kind").GetString());
        Assert.Equal(1, verification.GetProperty("findings")[0].GetProperty("shard").GetInt32());
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "damaged"), "Shard 1: Segment", "bytes");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy" }),
            HttpStatusCode.Conflict, "backup-not-restorable", "damaged", "Shard 1: Segment", "allowDamaged");
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/caches/copy")).Status);

        // With the word, what is intact is restored and compared, and the rest is counted.
        await service.PostAsync("/backups/first/restore", new { cache = "copy", allowDamaged = true });
        JsonElement copy = await service.WaitForAsync("/caches/copy", "available");
        JsonElement outcome = copy.GetProperty("restoration").GetProperty("outcome");
        long lost = outcome.GetProperty("lost").GetInt64();
        Assert.Equal(1, lost);
        Assert.Equal(backup.GetProperty("keys").GetInt64() - lost, outcome.GetProperty("restored").GetInt64());
        Answers.AssertReason(copy, $"{lost:N0} key(s)", "damaged");
        await service.WaitForAsync("/backups/first", "damaged");
        await service.Client.RemoveAsync("/caches/copy");
        await service.Client.RemoveAsync("/backups/first");
    }

    internal static async Task<JsonElement> BackUpAsync(ServiceUnderTest service, ServerProcess server)
    {
        await service.RegisterAsync("source", server.Port);
        return await service.BackUpAsync("first", "source");
    }

    internal static Task FlipAsync(ServiceUnderTest service, JsonElement backup, int offset) =>
        ChangeAsync(service, backup, file => file[offset] ^= 1);

    private static async Task ChangeAsync(ServiceUnderTest service, JsonElement backup, Action<byte[]> change)
    {
        IObjectStore store = service.Host.Parts.Store;
        ObjectKey key = new(backup.GetProperty("shards")[0].GetProperty("dataKey").GetString()!);
        byte[] bytes;
        await using (ObjectContent content = await store.GetAsync(key, null, CancellationToken.None))
        {
            bytes = new byte[content.LengthBytes];
            await content.Stream.ReadExactlyAsync(bytes);
        }

        change(bytes);
        await store.PutAsync(key, bytes, WriteCondition.None, CancellationToken.None);
    }

    private static async Task<JsonElement> VerifyAsync(ServiceUnderTest service)
    {
        JsonElement begun = await service.PostAsync("/backups/first/verify", new { });
        string execution = begun.GetProperty("uses")[0].GetProperty("execution").GetString()!;
        await service.Host.WaitAsync(new ExecutionId(execution), CancellationToken.None);
        return (await service.GetAsync("/backups/first")).Body.GetProperty("verification");
    }
}
