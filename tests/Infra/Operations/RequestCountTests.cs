using System.Text.RegularExpressions;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using CacheBackup.Functions;
using CacheBackup.Local.Host;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Infra.Tests.Operations;

/// <summary>The requests that the costs in docs/operations.md are worked out from are those that the service makes.</summary>
public sealed partial class RequestCountTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly MemoryService _service;
    private readonly FunctionTable _functions;
    private CountingObjectStore _store = null!;

    public RequestCountTests()
    {
        _service = new MemoryService(_time, inner => _store = new CountingObjectStore(inner));
        _functions = new FunctionTable(_service.Parts);
    }

    [Fact]
    public async Task An_idle_tick_makes_the_requests_of_the_document()
    {
        await PrepareAsync();
        await CallAsync("PlanBackups", """{"execution": "e"}""");
        Expect("a tick with nothing due");
    }

    [Fact]
    public async Task A_purge_with_nothing_to_remove_makes_the_requests_of_the_document()
    {
        await PrepareAsync();
        foreach (string function in new[] { "ReadPurgeClock", "MendRecords", "PurgeBackups", "PurgeLeftovers" })
        {
            await CallAsync(function, """{"execution": "e", "after": ""}""");
        }

        Expect("a purge with nothing to remove");
    }

    [Fact]
    public async Task A_backup_makes_the_requests_of_the_document()
    {
        await PrepareAsync();
        Backup started = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("second"), CacheName.Parse("shop"), BackupKind.Manual), default);
        string job = $$"""{"execution": "{{started.Execution}}", "backup": "second", "cache": "shop", "generation": {{started.Generation}}, "shard": 1}""";
        foreach (string function in new[] { "BeginBackup", "Snapshot", "CompleteBackup" })
        {
            await CallAsync(function, job);
        }

        Expect("a backup of one shard");
    }

    /// <summary>One cache with automatic backups that are not due, and one backup of it; ticks and purges have run before.</summary>
    private async Task PrepareAsync()
    {
        await _service.TakeBackupAsync("first", "shop");
        await _service.Parts.Catalog.Caches.ChangeAsync(
            CacheName.Parse("shop"),
            cache => cache with { AutomaticBackups = AutomaticBackups.Of(cache.Name, new RetentionPolicy { RetentionDays = 7 }, BackupWindow.Parse("03:00-04:00"), Noon) },
            default);
        foreach (string function in new[] { "ReadPurgeClock", "MendRecords", "PurgeBackups", "PurgeLeftovers", "PlanBackups" })
        {
            await CallAsync(function, """{"execution": "e", "after": ""}""");
        }

        _time.Advance(TimeSpan.FromHours(1));
        _store.Reset();
    }

    private async Task CallAsync(string function, string input)
    {
        using MemoryStream from = new(System.Text.Encoding.UTF8.GetBytes(input));
        using MemoryStream to = new();
        FunctionEntry entry = _functions.Entries[function];
        await entry.InvokeAsync(from, to, new LocalLambdaContext(function, entry.Timeout, _time, _ => { }, CancellationToken.None));
    }

    private void Expect(string job)
    {
        Match row = Row().Matches(File.ReadAllText(Path.Combine(Checkout.Find(), "docs", "operations.md"))).Single(match => match.Groups[1].Value == job);
        int reads = _store["GET"] + _store["HEAD"];
        int writes = _store["PUT"] + _store["POST"] + _store["LIST"];
        Assert.Equal($"{row.Groups[2].Value} reads, {row.Groups[3].Value} writes and lists", $"{reads} reads, {writes} writes and lists");
    }

    [GeneratedRegex(@"^\| (a [^|]+?) \| ([0-9]+) \| ([0-9]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
