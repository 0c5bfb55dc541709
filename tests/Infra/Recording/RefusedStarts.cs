using MachineNames = CacheBackup.Core.Operations.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>
/// What is given back by whoever reserved it, or finds it held: executions that are not started, by the API and by a tick, and automatic
/// backups that fail within their window and are taken again.
/// </summary>
internal static class RefusedStarts
{
    /// <summary>Every request that starts an execution, each without an idempotency key and with one; none of them is started.</summary>
    public static async Task ByTheApiAsync(RecordedService service)
    {
        (string Method, string Path, string? Body)[] requests =
        [
            ("POST", "/caches", """{"name": "refused-NAME", "host": "refused.test"}"""),
            ("POST", "/backups", """{"name": "refused-NAME", "cache": "shop"}"""),
            ("POST", "/backups", """{"name": "refused-group-NAME", "cache": "group"}"""),
            ("POST", "/backups/SOURCE/verify", null),
            ("POST", "/backups/SOURCE/restore-test", null),
            ("POST", "/backups/SOURCE/restore", """{"cache": "refused-NAME"}"""),
            ("POST", "/backups/SOURCE/restore", """{"cache": "refused-NAME", "endpoint": {"host": "refused-NAME.test", "port": 6379} }"""),
            ("POST", "/backups/SOURCE/restore", """{"cache": "refused-NAME", "serverless": {} }"""),
            ("POST", "/backups/SOURCE/copy", """{"name": "refused-copy-NAME"}"""),
            ("POST", "/backups/SOURCE/copy", """{"name": "refused-far-NAME", "location": "s3://copies"}"""),
            ("POST", "/backups/SOURCE/export", """{"location": "s3://exports", "name": "refused-NAME"}"""),
            ("POST", "/backups/import", """{"name": "refused-import-NAME", "file": "s3://imports/seed.rdb"}"""),
            ("DELETE", "/caches/serverless", null),
            ("DELETE", "/caches/serverless?finalBackup=refused-final-NAME", null),
            ("DELETE", "/backups/SOURCE", null),
        ];
        foreach (string? key in new[] { null, "refused" })
        {
            // The last request leaves it as one that is being deleted: each round has its own.
            string source = $"refused-source-{key ?? "plain"}";
            await RecordedLife.AskAsync(service, "POST", "/backups/native-serverless/copy", $$"""{"name": "{{source}}"}""");
            service.Starts.Refuses = true;
            for (int i = 0; i < requests.Length; i++)
            {
                (string method, string path, string? body) = requests[i];
                string name = $"{key ?? "plain"}-{i}";
                await service.AskAsync(
                    method,
                    path.Replace("SOURCE", source, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal),
                    body?.Replace("NAME", name, StringComparison.Ordinal),
                    key: key is null ? null : name,
                    isRefused: true);
                await service.SettleAsync();
            }

            service.Starts.Refuses = false;
        }
    }

    /// <summary>Within one window: an automatic backup fails and is taken again, is not started, and is lost without anybody being told.</summary>
    public static async Task ByTicksAsync(RecordedService service, Action pass)
    {
        service.Invoker.Fail("Snapshot");
        await TickAsync(service, pass);
        await TickAsync(service, pass);
        service.Starts.Refuses = true;
        await TickAsync(service, pass);
        service.Starts.Refuses = false;
        await LoseAsync(service, pass, "Snapshot");
        await TickAsync(service, pass);
    }

    /// <summary>The same with caches of ElastiCache, whose lost backups leave files and snapshots elsewhere.</summary>
    public static async Task OfManagedCachesAsync(RecordedService service, Action pass)
    {
        DateTimeOffset now = service.Parts.Time.GetUtcNow();
        string policy = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"automaticBackups": {"retentionDays": 1, "window": "{{now:HH:mm}}-{{now.AddHours(1):HH:mm}}"} }""");
        foreach (string cache in new[] { "group", "serverless" })
        {
            await RecordedLife.AskAsync(service, "PATCH", $"/caches/{cache}", policy);
        }

        await LoseAsync(service, pass, "AdoptNativeFile");
    }

    /// <summary>The machine breaks off and cannot abandon its backup; nobody is told: the next tick finds the cache held.</summary>
    private static async Task LoseAsync(RecordedService service, Action pass, string step)
    {
        service.Ends.Tells = false;
        service.Invoker.Fail(step);
        service.Invoker.Fail("AbandonBackup");
        await TickAsync(service, pass);
        await RecordedLife.LeaveUploadsAsync(service);
        service.Ends.Tells = true;
        service.Invoker.Release("AbandonBackup");
        service.Invoker.Release(step);
        await TickAsync(service, pass);
    }

    private static async Task TickAsync(RecordedService service, Action pass)
    {
        await service.RunAsync(MachineNames.Schedule);
        pass();
    }
}
