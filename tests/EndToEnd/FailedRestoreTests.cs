using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Restores that are refused or do not come to their end: the backup is untouched, and another try succeeds.</summary>
[Trait("Category", "Server")]
public sealed class FailedRestoreTests
{
    [Fact]
    public async Task Restore_into_a_cache_that_exists_is_refused_with_advice()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await BackUpAsync(service, server);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "source" }),
            HttpStatusCode.Conflict, "conflict", "cache named source", "Restore into a new name");
        Assert.Equal("available", (await service.GetAsync("/backups/first")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Racing_restores_into_one_name_have_one_winner()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await BackUpAsync(service, server);
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy" })));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.Accepted),
            loser => Answers.AssertProblem(loser, HttpStatusCode.Conflict, "conflict", "cache named copy"));
        await service.WaitForAsync("/caches/copy", "available");
        await service.WaitForAsync("/backups/first", "available");
    }

    [Theory]
    [InlineData(CacheEngine.Redis, "valkey", "Redis OSS 7.0.15", "Valkey 8.")]
    [InlineData(CacheEngine.Valkey, "redis", "Valkey 8.", "Redis OSS 7.0.15")]
    public async Task Other_engine_is_refused_with_both_named_and_nothing_is_made(CacheEngine from, string into, string source, string target)
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(from);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await BackUpAsync(service, server);
        await service.PostAsync("/backups/first/restore", new { cache = "copy", engine = into });
        Answers.AssertReason(
            await service.WaitForAsync("/caches/copy", "create-failed"), "BackupNotRestorableException", source, target, "Remove this cache");
        Assert.False(Directory.Exists(Path.Combine(service.Directory, "caches")));
        await service.WaitForAsync("/backups/first", "available");
        await service.Client.RemoveAsync("/caches/copy");
        await service.RestoreAsync("first", "copy");
    }

    [Fact]
    public async Task File_that_is_newer_than_the_server_which_should_load_it_is_refused_with_both_versions()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { Provisioner = new ProvisionerOfVersion(parts.Provisioner, CacheVersion.FromCatalog("6.2.14")) });
        await BackUpAsync(service, server);
        await service.PostAsync("/backups/first/restore", new { cache = "copy", fill = "load" });
        Answers.AssertReason(
            await service.WaitForAsync("/caches/copy", "create-failed"), "BackupNotRestorableException", "REDIS0010", "Redis OSS 6.2.14", "REDIS0009");
        Assert.False(Directory.Exists(Path.Combine(service.Directory, "caches")));
    }

    [Fact]
    public async Task Running_restore_keeps_its_backup_from_being_deleted_until_it_is_cancelled()
    {
        await using ServerProcess server = await FailedBackupTests.FilledServerAsync(CacheEngine.Valkey);
        GatedTargets? gate = null;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            gate = new GatedTargets(parts.Caches);
            return parts with { Caches = gate };
        });
        await BackUpAsync(service, server);
        JsonElement restoring = await service.PostAsync("/backups/first/restore", new { cache = "copy" });
        await gate!.Reached.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        string execution = restoring.GetProperty("operation").GetProperty("execution").GetString()!;
        Assert.Equal("restoring", (await service.GetAsync("/backups/first")).Body.GetProperty("status").GetString());
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Delete, "/backups/first"), HttpStatusCode.Conflict, "conflict", "in use by a restore", execution);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups", new { name = "second", cache = "copy" }),
            HttpStatusCode.Conflict, "conflict", "restore of backup first");

        await service.PostAsync($"/executions/{Uri.EscapeDataString(execution)}/cancel", new { });
        Answers.AssertReason(await service.WaitForAsync("/caches/copy", "restore-failed"), "Cancelled", "Remove this cache");
        await service.WaitForAsync("/backups/first", "available");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy" }),
            HttpStatusCode.Conflict, "conflict", "restore-failed", "remove the old one first");

        gate.Open();
        await service.Client.RemoveAsync("/caches/copy");
        await service.RestoreAsync("first", "copy");
        await service.WaitForAsync("/backups/first", "available");
        await service.Client.RemoveAsync("/backups/first");
    }

    private static async Task BackUpAsync(ServiceUnderTest service, ServerProcess server)
    {
        await service.RegisterAsync("source", server.Port);
        await service.BackUpAsync("first", "source");
    }

    /// <summary>Makes what the other makes, and says that it is of another version.</summary>
    private sealed class ProvisionerOfVersion(IProvisioner inner, CacheVersion version) : IProvisioner
    {
        public Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken) => Task.FromResult(version);

        public Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken) =>
            inner.ProvisionAsync(request, cancellationToken);

        public Task RemoveAsync(CacheName name, CancellationToken cancellationToken) => inner.RemoveAsync(name, cancellationToken);
    }
}
