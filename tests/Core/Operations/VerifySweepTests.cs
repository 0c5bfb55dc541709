using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Operations;

public sealed class VerifySweepTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 12, 0, 0, TimeSpan.Zero);
    private readonly SetTime _time = new(Wednesday);
    private readonly MemoryService _service;

    public VerifySweepTests() => _service = new MemoryService(_time);

    [Fact]
    public async Task A_share_is_verified_oldest_first_and_in_the_order_of_names_where_times_are_equal()
    {
        await AddAsync("verified-late", Wednesday.AddDays(-30), verified: Wednesday.AddDays(-1));
        await AddAsync("old", Wednesday.AddDays(-20));
        await AddAsync("same-b", Wednesday.AddDays(-10));
        await AddAsync("same-a", Wednesday.AddDays(-10));
        await AddAsync("young", Wednesday.AddDays(-2));
        await AddAsync("damaged", Wednesday.AddDays(-40), BackupStatus.Damaged);
        VerifySweepJob job = await StartAsync(50);
        Assert.False(await new PlanVerifySweep(_service.Parts).RunAsync(job, default));
        Assert.Equal(["old", "same-a", "same-b"], (await SweepAsync()).Queue!.Select(name => name.Value));
    }

    [Fact]
    public async Task A_few_are_verified_at_a_time_until_all_of_the_share_are()
    {
        for (int i = 0; i < 7; i++)
        {
            await AddAsync($"b{i}", Wednesday.AddDays(-10 - i));
        }

        VerifySweepJob job = await StartAsync(100);
        await new PlanVerifySweep(_service.Parts).RunAsync(job, default);
        ContinueVerifySweep next = new(_service.Parts);
        Assert.True(await next.RunAsync(job, default));
        Assert.Equal(["b3", "b4", "b5", "b6"], Verifying());
        Assert.True(await next.RunAsync(job, default));
        Assert.Equal(4, Verifying().Length);
        End("b5", "b6");
        Assert.True(await next.RunAsync(job, default));
        End("b1", "b2", "b3", "b4");
        Assert.True(await next.RunAsync(job, default));
        Assert.Equal(["b0"], Verifying());
        End("b0");
        Assert.False(await next.RunAsync(job, default));
        VerifySweep done = await SweepAsync();
        Assert.Equal((7, Wednesday), (done.Started, done.DoneAt!.Value));
        _service.Executions.End(job.Execution, ExecutionStatus.Succeeded);
        Assert.Null(await new StartVerifySweep(_service.Parts).RunAsync(100, default));
    }

    [Fact]
    public async Task Every_backup_gets_its_turn_within_four_weeks_whatever_comes_after_it()
    {
        for (int i = 0; i < 20; i++)
        {
            await AddAsync($"old-{i}", Wednesday.AddDays(-60 - i));
        }

        for (int week = 0; week < 5; week++)
        {
            for (int i = 0; i < 5; i++)
            {
                await AddAsync($"new-{week}-{i}", _time.GetUtcNow());
            }

            await SweepThroughAsync(StartVerifySweep.UsualSharePercent);
            _time.Now += TimeSpan.FromDays(7);
        }

        List<Backup> old = [];
        for (int i = 0; i < 20; i++)
        {
            old.Add(await _service.Parts.Catalog.Backups.GetAsync(BackupName.Parse($"old-{i}"), default));
        }

        Assert.All(old, backup => Assert.NotNull(backup.Verification));
        Assert.Single(await _service.Store.ListAsync(CatalogKeys.Sweeps));
    }

    [Fact]
    public async Task A_tick_starts_nothing_twice_and_goes_on_where_a_part_broke_off()
    {
        await AddAsync("one", Wednesday.AddDays(-3));
        VerifySweepJob job = await StartAsync(100);
        Assert.Null(await new StartVerifySweep(_service.Parts).RunAsync(100, default));
        await new PlanVerifySweep(_service.Parts).RunAsync(job, default);
        await new AbandonVerifySweep(_service.Parts).RunAsync(job, new FailureCause("Cancelled", "by a test"), default);
        Assert.Equal("Cancelled: by a test", (await SweepAsync()).Failure);
        _service.Executions.End(job.Execution, ExecutionStatus.Aborted);

        VerifySweepJob second = await StartAsync(100);
        Assert.NotEqual(job.Execution, second.Execution);
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new ContinueVerifySweep(_service.Parts).RunAsync(job, default));
        Assert.False(await new PlanVerifySweep(_service.Parts).RunAsync(second, default));
        Assert.True(await new ContinueVerifySweep(_service.Parts).RunAsync(second, default));
        Assert.Equal(["one"], Verifying());
    }

    [Fact]
    public async Task A_sweep_that_was_written_down_and_not_started_is_started()
    {
        _service.Executions.StartFailure = new StoreUnavailableException("planned");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new StartVerifySweep(_service.Parts).RunAsync(25, default));
        _service.Executions.StartFailure = null;
        Assert.NotNull(await new StartVerifySweep(_service.Parts).RunAsync(25, default));
        Assert.Equal(1, (await SweepAsync()).Part);
    }

    [Fact]
    public async Task A_backup_that_is_gone_or_verified_by_somebody_else_is_passed_over()
    {
        await AddAsync("gone", Wednesday.AddDays(-4));
        await AddAsync("busy", Wednesday.AddDays(-3));
        await AddAsync("free", Wednesday.AddDays(-2));
        VerifySweepJob job = await StartAsync(100);
        await new PlanVerifySweep(_service.Parts).RunAsync(job, default);
        await _service.Parts.Catalog.Backups.RemoveAsync(BackupName.Parse("gone"), _ => true, default);
        await new StartVerify(_service.Parts).RunAsync(BackupName.Parse("busy"), default);
        await new ContinueVerifySweep(_service.Parts).RunAsync(job, default);
        Assert.Equal(1, (await SweepAsync()).Started);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public Task A_share_that_is_none_is_refused(int percent) =>
        Assert.ThrowsAsync<InvalidRequestException>(() => new StartVerifySweep(_service.Parts).RunAsync(percent, default));

    [Fact]
    public async Task No_share_is_no_sweep()
    {
        Assert.Null(await new StartVerifySweep(_service.Parts).RunAsync(0, default));
        Assert.Empty(_service.Executions.Started);
    }

    private async Task SweepThroughAsync(int percent)
    {
        VerifySweepJob job = await StartAsync(percent);
        await new PlanVerifySweep(_service.Parts).RunAsync(job, default);
        while (await new ContinueVerifySweep(_service.Parts).RunAsync(job, default))
        {
            foreach (ExecutionDescription running in _service.Executions.Started
                .Where(e => e.Machine == StateMachines.Verify && e.Status == ExecutionStatus.Running))
            {
                BackupName name = BackupName.Parse(running.Name[..running.Name.LastIndexOf('-')]);
                BackupVerification good = new() { At = _time.GetUtcNow(), Execution = running.Id, Bytes = 1, FindingCount = 0 };
                await _service.Parts.Catalog.Backups.ChangeAsync(name, backup => backup with { Verification = good, Uses = [] }, default);
                _service.Executions.End(running.Id, ExecutionStatus.Succeeded);
            }
        }

        _service.Executions.End(job.Execution, ExecutionStatus.Succeeded);
    }

    private async Task AddAsync(string name, DateTimeOffset completed, BackupStatus status = BackupStatus.Available, DateTimeOffset? verified = null)
    {
        Backup backup = await _service.AddBackupAsync(name, status);
        BackupVerification? good = verified is { } at
            ? new BackupVerification { At = at, Execution = backup.Execution, Bytes = 1, FindingCount = 0 }
            : null;
        await _service.Parts.Catalog.Backups.ChangeAsync(
            backup.Name, current => current with { CompletedAt = completed, Verification = good }, default);
    }

    private async Task<VerifySweepJob> StartAsync(int percent)
    {
        ExecutionId execution = (await new StartVerifySweep(_service.Parts).RunAsync(percent, default))!.Value;
        return new VerifySweepJob(execution, (await SweepAsync()).Week);
    }

    private async Task<VerifySweep> SweepAsync()
    {
        ObjectSummary only = Assert.Single(await _service.Store.ListAsync(CatalogKeys.Sweeps));
        return System.Text.Json.JsonSerializer.Deserialize((await _service.Store.ReadAsync(only.Key)).Bytes, CatalogJson.Default.VerifySweep)!;
    }

    private string[] Verifying() =>
    [
        .. _service.Executions.Started
            .Where(e => e.Machine == StateMachines.Verify && e.Status == ExecutionStatus.Running)
            .Select(e => e.Name[..e.Name.LastIndexOf('-')])
            .Order(StringComparer.Ordinal),
    ];

    private void End(params string[] names)
    {
        foreach (ExecutionDescription execution in _service.Executions.Started
            .Where(e => e.Machine == StateMachines.Verify && names.Contains(e.Name[..e.Name.LastIndexOf('-')])))
        {
            _service.Executions.End(execution.Id, ExecutionStatus.Succeeded);
        }
    }

    private sealed class SetTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
