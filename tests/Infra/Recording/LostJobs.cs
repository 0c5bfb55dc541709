using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>
/// Jobs of every machine that break off and cannot be abandoned by their own machine: whoever is told of their end puts them in order, and
/// where nobody is told, the purge.
/// </summary>
internal static class LostJobs
{
    private const string Spare = "spare";

    /// <param name="isTold">Whether the ends of executions are told.</param>
    public static async Task LoseAsync(RecordedService service, bool isTold)
    {
        string name = isTold ? "told" : "lost";
        await service.Buckets.StoreAt("s3://imports").PutAsync(
            ObjectKey.OfOthers("seed.rdb"), SampleRdb.File(keys: 3, valueBytes: 10), WriteCondition.None, default);
        await RecordedLife.AskAsync(service, "POST", "/caches", $$"""{"name": "{{Spare}}-{{name}}", "host": "{{name}}.test"}""");
        await RecordedLife.AskAsync(service, "POST", "/caches", $$"""{"name": "going-{{name}}", "host": "going-{{name}}.test"}""");
        foreach (string backup in new[] { "kept", "checked", "tested", "removed" })
        {
            await RecordedLife.AskAsync(service, "POST", "/backups", $$"""{"name": "{{name}}-{{backup}}", "cache": "{{Spare}}-{{name}}"}""");
        }

        service.Ends.Tells = isTold;
        foreach ((string step, string abandon, string method, string path, string? body) in JobsOf(name))
        {
            service.Invoker.Hold(step);
            service.Invoker.Fail(abandon);
            await service.AskAsync(method, path, body);
            await service.ReachAsync(step);
            await RecordedLife.LeaveUploadsAsync(service);
            service.Invoker.FailHeld(step);
            await service.SettleAsync();
            service.Invoker.Release(step);
            service.Invoker.Release(abandon);
        }

        service.Ends.Tells = true;

        // Whoever comes after a restore that is over takes the endpoint that it held.
        service.Invoker.Fail("ClaimTarget");
        await RecordedLife.AskAsync(service, "POST", $"/backups/{name}-kept/restore", Restore($"{name}-second", name));
        service.Invoker.Release("ClaimTarget");
    }

    private static (string Step, string Abandon, string Method, string Path, string? Body)[] JobsOf(string name) =>
    [
        ("CompleteVerify", "AbandonVerify", "POST", $"/backups/{name}-checked/verify", null),
        ("ProvisionCache", "AbandonRestoreTest", "POST", $"/backups/{name}-tested/restore-test", null),
        ("ProvisionCache", "AbandonRestore", "POST", $"/backups/{name}-kept/restore", $$"""{"cache": "{{name}}"}"""),
        ("ProvisionCache", "AbandonRestore", "POST", $"/backups/{name}-kept/restore", Restore($"{name}-first", name)),
        ("CompleteCopy", "AbandonCopy", "POST", $"/backups/{name}-kept/copy", $$"""{"name": "{{name}}-copy"}"""),
        ("CompleteCopy", "AbandonCopy", "POST", $"/backups/{name}-kept/copy", $$"""{"name": "{{name}}-far", "location": "s3://copies"}"""),
        ("CompleteExport", "AbandonExport", "POST", $"/backups/{name}-kept/export", """{"location": "s3://exports", "name": "broken"}"""),
        ("CompleteImport", "AbandonImport", "POST", "/backups/import", $$"""{"name": "{{name}}-import", "file": "s3://imports/seed.rdb"}"""),
        ("RemoveBackupObjects", "AbandonDelete", "DELETE", $"/backups/{name}-removed", null),
        ("CompleteBackup", "AbandonBackup", "POST", "/backups", $$"""{"name": "{{name}}", "cache": "{{Spare}}-{{name}}"}"""),
        ("AdoptNativeFile", "AbandonBackup", "POST", "/backups", $$"""{"name": "{{name}}-group", "cache": "group"}"""),
        ("AdoptNativeFile", "AbandonBackup", "POST", "/backups", $$"""{"name": "{{name}}-serverless", "cache": "serverless"}"""),
        ("ProbeCache", "AbandonRegistration", "POST", "/caches", $$"""{"name": "unknown-{{name}}", "host": "unknown-{{name}}.test"}"""),
        ("RemoveCacheServer", "AbandonRemoval", "DELETE", $"/caches/going-{name}", null),
    ];

    private static string Restore(string cache, string name) => $$"""{"cache": "{{cache}}", "endpoint": {"host": "filled-{{name}}.test", "port": 6379} }""";
}
