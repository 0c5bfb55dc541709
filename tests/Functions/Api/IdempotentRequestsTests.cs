using System.Text;
using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.OpenApi;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using CacheBackup.Functions.Api;
using Microsoft.Extensions.Time.Testing;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Tests.Api;

public sealed class IdempotentRequestsTests
{
    private const string Key = "3f2a-key";
    private const string Nightly = """{"name":"nightly","cache":"source"}""";

    // Of the calls of an undisturbed request; more than it makes, so that a change of it is noticed by the count below.
    private const int MostCalls = 18;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(20) };
    private MemoryService _service;
    private Func<ServiceParts, ServiceParts> _behindKey = parts => parts;

    public IdempotentRequestsTests() => _service = new MemoryService(_time);

    public static TheoryData<StoreOperation, int, StoreFaultKind> Faults
    {
        get
        {
            TheoryData<StoreOperation, int, StoreFaultKind> all = [];
            foreach (int call in Enumerable.Range(1, MostCalls))
            {
                all.Add(StoreOperation.Get, call, StoreFaultKind.Unavailable);
                all.Add(StoreOperation.Put, call, StoreFaultKind.Unavailable);
                all.Add(StoreOperation.Put, call, StoreFaultKind.AcknowledgementLost);
                all.Add(StoreOperation.Put, call, StoreFaultKind.PreconditionFailed);
                all.Add(StoreOperation.Put, call, StoreFaultKind.Full);
            }

            return all;
        }
    }

    [Fact]
    public async Task The_same_request_again_starts_nothing_and_shows_the_resource_as_it_stands()
    {
        await _service.AddCacheAsync("source");
        ApiResponse first = await AskAsync("POST", "/backups", Nightly);
        Assert.Equal(202, first.Status);
        Assert.False(first.Headers.ContainsKey("idempotent-replayed"));
        await _service.Parts.Catalog.Backups.ChangeAsync(Name("nightly"), b => b with { StatusReason = "seen later" }, default);

        ApiResponse second = await AskAsync("POST", "/backups", Nightly);
        Assert.Equal((202, "/backups/nightly", "true"), (second.Status, second.Location, second.Headers["idempotent-replayed"]));
        Assert.Equal("seen later", Read(second).GetProperty("statusReason").GetString());
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task A_request_without_a_key_is_done_each_time()
    {
        await _service.AddCacheAsync("source");
        Assert.Equal(202, (await AskAsync("POST", "/backups", Nightly, key: null)).Status);
        AssertProblem(await AskAsync("POST", "/backups", Nightly, key: null), 409, "conflict");
    }

    [Theory]
    [InlineData("POST", "/backups", """{"name":"nightly","cache":"source" }""")]
    [InlineData("POST", "/backups", """{"name":"other","cache":"source"}""")]
    [InlineData("POST", "/caches", Nightly)]
    [InlineData("DELETE", "/backups/nightly", Nightly)]
    public async Task Another_request_with_the_key_is_refused_and_not_done(string method, string path, string body)
    {
        await _service.AddCacheAsync("source");
        await AskAsync("POST", "/backups", Nightly);
        AssertProblem(await AskAsync(method, path, body), 422, "idempotency-mismatch");
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_for_another_request()
    {
        await _service.AddCacheAsync("source");
        await _service.AddCacheAsync("second");
        await AskAsync("POST", "/backups", Nightly);
        _time.Advance(RequestRecord.Kept);
        Assert.Equal(202, (await AskAsync("POST", "/backups", """{"name":"other","cache":"second"}""")).Status);
        Assert.Equal(2, _service.Executions.Started.Count);
    }

    [Fact]
    public async Task A_request_that_was_refused_frees_its_key()
    {
        await _service.AddCacheAsync("source", CacheStatus.CreateFailed);
        AssertProblem(await AskAsync("POST", "/backups", Nightly), 409, "conflict");
        await _service.Parts.Catalog.Caches.ChangeAsync(CacheName.Parse("source"), c => c with { Status = CacheStatus.Available }, default);
        Assert.Equal(202, (await AskAsync("POST", "/backups", Nightly)).Status);
    }

    [Fact]
    public async Task A_resource_that_is_gone_is_shown_as_it_was_answered_first()
    {
        await _service.AddBackupAsync("nightly", BackupStatus.Failed);
        ApiResponse first = await AskAsync("DELETE", "/backups/nightly", string.Empty);
        await _service.Parts.Catalog.Backups.RemoveAsync(Name("nightly"), _ => true, default);
        ApiResponse second = await AskAsync("DELETE", "/backups/nightly", string.Empty);
        Assert.Equal((202, 202), (first.Status, second.Status));
        Assert.True(JsonElement.DeepEquals(Read(first), Read(second)));
        Assert.Equal("true", second.Headers["idempotent-replayed"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("schlüssel")]
    [InlineData("a\tb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task A_key_has_1_to_64_printable_characters(string key) =>
        AssertProblem(await AskAsync("POST", "/backups", Nightly, key), 400, "invalid-request");

    [Fact]
    public async Task The_key_itself_is_stored_nowhere()
    {
        await _service.AddCacheAsync("source");
        await AskAsync("POST", "/backups", Nightly);
        await foreach (ObjectSummary summary in _service.Store.ListAsync(string.Empty, null, default))
        {
            await using ObjectContent content = await _service.Store.GetAsync(summary.Key, null, default);
            using StreamReader reader = new(content.Stream);
            Assert.DoesNotContain(Key, summary.Key.Value + await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_16_racing_requests_with_one_key_one_starts_and_all_are_told_the_same()
    {
        _service = new MemoryService(TimeProvider.System);
        await _service.AddCacheAsync("source");
        ApiResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AskAsync("POST", "/backups", Nightly))));
        ExecutionId started = Assert.Single(_service.Executions.Started).Id;
        Assert.All(answers, answer => Assert.Equal((202, started.Value), (answer.Status, Read(answer).GetProperty("execution").GetString())));
        Assert.Single(answers, answer => !answer.Headers.ContainsKey("idempotent-replayed"));
    }

    [Fact]
    public async Task A_start_that_fails_gives_everything_back_and_frees_the_key()
    {
        await _service.AddCacheAsync("source");
        _service.Executions.StartFailure = new StoreUnavailableException("No room.");
        AssertProblem(await AskAsync("POST", "/backups", Nightly), 503, "unavailable");
        Assert.Equal(BackupStatus.Failed, (await _service.Parts.Catalog.Backups.GetAsync(Name("nightly"), default)).Status);
        Assert.Equal(CacheStatus.Available, (await CacheAsync()).Status);

        _service.Executions.StartFailure = null;
        Assert.Equal(202, (await AskAsync("POST", "/backups", Nightly)).Status);
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task A_crash_between_answer_and_start_is_made_good_by_the_next_request()
    {
        await _service.AddCacheAsync("source");
        HeldStart held = new();
        Task<ApiResponse> crashed = AskAsync("POST", "/backups", Nightly, Key, _service.Parts with { Executions = new HeldExecutions(_service.Executions, held) });
        await held.Reached;
        Assert.Empty(_service.Executions.Started);

        ApiResponse second = await AskAsync("POST", "/backups", Nightly);
        Assert.Equal((202, "true"), (second.Status, second.Headers["idempotent-replayed"]));
        Assert.Single(_service.Executions.Started);

        held.LetGo();
        Assert.Equal(202, (await crashed).Status);
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_on_and_lives_on_starts_nothing()
    {
        await _service.AddCacheAsync("source");
        HeldStart held = new();
        _behindKey = parts => parts with { Executions = new HeldExecutions(parts.Executions, held) };
        Task<ApiResponse> slow = AskAsync("POST", "/backups", Nightly);
        await held.Reached;

        _time.Advance(RequestRecord.GivenUpAfter);
        ApiResponse meanwhile = await AskAsync("POST", "/backups", Nightly);
        AssertProblem(meanwhile, 409, "conflict");

        held.LetGo();
        AssertProblem(await slow, 409, "request-in-progress");
        Assert.Empty(_service.Executions.Started);
        Assert.Equal((CacheStatus.Available, null), ((await CacheAsync()).Status, (await CacheAsync()).Operation));

        Assert.Equal(202, (await AskAsync("POST", "/backups", Nightly)).Status);
        Assert.Single(_service.Executions.Started);
    }

    [Fact]
    public async Task One_who_waits_too_long_for_another_is_told_so()
    {
        await _service.AddCacheAsync("source");
        HeldStart held = new();
        _behindKey = parts => parts with { Executions = new HeldExecutions(parts.Executions, held) };
        Task<ApiResponse> slow = AskAsync("POST", "/backups", Nightly);
        await held.Reached;

        Task<ApiResponse> waiting = AskAsync("POST", "/backups", Nightly);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        AssertProblem(await waiting, 409, "request-in-progress");
        Assert.Equal("1", (await waiting).Headers["retry-after"]);
        held.LetGo();
        Assert.Equal(202, (await slow).Status);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_the_store_anywhere_and_a_retry_end_in_one_job(StoreOperation operation, int call, StoreFaultKind kind)
    {
        FaultyObjectStore? faulty = null;
        _service = new MemoryService(_time, store => faulty = new FaultyObjectStore(store, [new StoreFault(operation, call, kind)]));
        await CreateSourceAsync();
        ApiResponse answer = await AskAsync("POST", "/backups", Nightly);
        for (int again = 0; answer.Status != 202 && again < 3; again++)
        {
            // What a caller does: the same request once more. What a host does when it starts: recovery.
            _time.Advance(RequestRecord.GivenUpAfter);
            await new RecoverOperations(_service.Parts).RunAsync(_ => { }, default);
            answer = await AskAsync("POST", "/backups", Nightly);
        }

        Assert.True(answer.Status == 202, Encoding.UTF8.GetString(answer.Body.Span));
        BackupManifest backup = await PastFaults.Backups.GetAsync(Name("nightly"), default);
        Assert.Equal(backup.Execution, Assert.Single(_service.Executions.Started).Id);
        Assert.Equal(BackupStatus.Creating, backup.Status);
        Cache source = await PastFaults.Caches.GetAsync(CacheName.Parse("source"), default);
        Assert.True(source.IsHeldBy(backup.Execution, backup.Generation));
    }

    [Fact]
    public async Task The_faults_reach_every_call_of_the_store()
    {
        FaultyObjectStore? counting = null;
        _service = new MemoryService(_time, store => counting = new FaultyObjectStore(store, []));
        await CreateSourceAsync();
        await AskAsync("POST", "/backups", Nightly);
        Assert.InRange(counting!.Calls(StoreOperation.Put), 4, MostCalls);
        Assert.InRange(counting.Calls(StoreOperation.Get), 4, MostCalls);
    }

    private static BackupName Name(string text) => BackupName.Parse(text);

    private static JsonElement Read(ApiResponse response)
    {
        using JsonDocument document = JsonDocument.Parse(response.Body);
        return document.RootElement.Clone();
    }

    private static void AssertProblem(ApiResponse response, int status, string code)
    {
        Assert.True(response.Status == status, Encoding.UTF8.GetString(response.Body.Span));
        Assert.Equal(code, Read(response).GetProperty("code").GetString());
    }

    /// <summary>The catalog in the store itself.</summary>
    private BackupCatalog PastFaults => new(_service.Store, _service.Parts.Ids);

    private async Task CreateSourceAsync()
    {
        Cache cache = new() { Name = CacheName.Parse("source"), Status = CacheStatus.Available, CreatedAt = _time.GetUtcNow() };
        Assert.True(await PastFaults.Caches.TryCreateAsync(cache.Name, cache, default));
    }

    private Task<Cache> CacheAsync() => _service.Parts.Catalog.Caches.GetAsync(CacheName.Parse("source"), default);

    private async Task<ApiResponse> AskAsync(string method, string path, string body, string? key = Key, ServiceParts? on = null)
    {
        ServiceParts parts = on ?? _service.Parts;
        Router router = new(ApiFunction.RoutesOn(parts, "1"), new IdempotentRequests(parts, changed => ApiFunction.RoutesOn(_behindKey(changed), "1")));
        ApiCall call = new(method, path, string.Empty, Encoding.UTF8.GetBytes(body)) { IdempotencyKey = key };
        ApiResponse response = await router.HandleAsync(call, _ => { }, default);
        Assert.Empty(ApiDescription.Stored.Violations(method, path, response.Status, Read(response)));
        return response;
    }
}
