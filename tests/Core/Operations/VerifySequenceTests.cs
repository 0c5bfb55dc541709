using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Operations;

public sealed class VerifySequenceTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly");
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task A_good_backup_is_verified_with_its_time_and_stays_available()
    {
        await BackUpAsync();
        BackupVerification verification = await VerifyAsync();
        Assert.True(verification.IsGood);
        Backup backup = await BackupAsync();
        Assert.Equal(BackupStatus.Available, backup.Status);
        Assert.Equal(verification, backup.Verification);
        Assert.Equal(backup.Shards.Sum(s => s.SizeBytes), verification.Bytes);
        Assert.Empty(backup.Uses);
        Assert.Equal([EventCode.BackupVerified], await CodesAsync(backup));
        Assert.DoesNotContain(await KeysAsync(), key => key.Contains("verify/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_flipped_byte_makes_the_backup_damaged_and_names_shard_and_offset()
    {
        Backup backup = await BackUpAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        BackupVerification verification = await VerifyAsync();
        backup = await BackupAsync();
        Assert.Equal(BackupStatus.Damaged, backup.Status);
        ShardFinding first = verification.Findings![0];
        Assert.Equal((1, VerifyFindingKind.Segment), (first.Shard, first.Kind));
        Assert.NotNull(first.OffsetBytes);
        Assert.Contains("Shard 1: Segment", backup.StatusReason, StringComparison.Ordinal);
        Assert.Equal([EventCode.BackupDamaged], await CodesAsync(backup));
    }

    [Theory]
    [InlineData(false, VerifyFindingKind.Missing)]
    [InlineData(true, VerifyFindingKind.Index)]
    public async Task A_missing_object_is_damage(bool index, VerifyFindingKind kind)
    {
        Backup backup = await BackUpAsync();
        await _service.Store.DeleteAsync(index ? backup.Shards[0].IndexKey : backup.Shards[0].DataKey, default);
        Assert.Equal(kind, Assert.Single((await VerifyAsync()).Findings!).Kind);
        Assert.Equal(BackupStatus.Damaged, (await BackupAsync()).Status);
    }

    [Fact]
    public async Task An_index_that_is_not_readable_is_damage()
    {
        Backup backup = await BackUpAsync();
        await FlipAsync(backup.Shards[0].IndexKey, 1);
        Assert.Equal(VerifyFindingKind.Index, Assert.Single((await VerifyAsync()).Findings!).Kind);
    }

    [Theory]
    [InlineData(StoreOperation.Get, 1, StoreFaultKind.Unavailable, typeof(StoreUnavailableException))]
    [InlineData(StoreOperation.Get, 2, StoreFaultKind.Unavailable, typeof(StoreUnavailableException))]
    [InlineData(StoreOperation.Get, 2, StoreFaultKind.Timeout, typeof(StoreUnavailableException))]
    [InlineData(StoreOperation.Get, 2, StoreFaultKind.AccessDenied, typeof(StoreAccessDeniedException))]
    [InlineData(StoreOperation.Head, 1, StoreFaultKind.Unavailable, typeof(StoreUnavailableException))]
    [InlineData(StoreOperation.Head, 1, StoreFaultKind.AccessDenied, typeof(StoreAccessDeniedException))]
    public async Task A_store_that_cannot_be_read_says_nothing_of_the_backup(StoreOperation operation, int from, StoreFaultKind fault, Type thrown)
    {
        Backup backup = await BackUpAsync();
        FaultyObjectStore faulty = new(_service.Store, [.. Enumerable.Range(from, 100).Select(call => new StoreFault(operation, call, fault))]);
        ServiceParts parts = _service.Parts with { Store = faulty, Time = new HurriedTime() };
        VerifyJob job = await StartAsync();
        await Assert.ThrowsAsync(thrown, () => new VerifyShard(parts).RunAsync(job, 1, default));
        await new AbandonVerify(_service.Parts).RunAsync(job, new FailureCause("StoreUnavailableException", "planned"), default);
        await new AbandonVerify(_service.Parts).RunAsync(job, new FailureCause("StoreUnavailableException", "planned"), default);
        backup = await BackupAsync();
        Assert.Equal(BackupStatus.Available, backup.Status);
        Assert.Null(backup.Verification);
        Assert.Empty(backup.Uses);
        Assert.Equal([EventCode.BackupVerifyFailed], await CodesAsync(backup));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new VerifyShard(_service.Parts).RunAsync(job, 1, default));
        await Assert.ThrowsAsync<NoLongerOwnerException>(() => new CompleteVerify(_service.Parts).RunAsync(job, default));
    }

    [Fact]
    public async Task A_verification_holds_its_backup_and_there_is_one_at_a_time()
    {
        await BackUpAsync();
        await StartAsync();
        await Assert.ThrowsAsync<CatalogConflictException>(() => new StartVerify(_service.Parts).RunAsync(Name, default));
        var refusal = await Assert.ThrowsAsync<CatalogConflictException>(() => new DeleteBackup(_service.Parts).RunAsync(Name, default));
        Assert.Contains("in use by a verify", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_verdict_without_every_shard()
    {
        await BackUpAsync();
        VerifyJob job = await StartAsync();
        await Assert.ThrowsAsync<CatalogConflictException>(() => new CompleteVerify(_service.Parts).RunAsync(job, default));
        Assert.Null((await BackupAsync()).Verification);
    }

    [Fact]
    public async Task Complete_taken_twice_ends_as_taken_once_and_abandon_after_it_changes_nothing()
    {
        await BackUpAsync();
        VerifyJob job = await StartAsync();
        await new VerifyShard(_service.Parts).RunAsync(job, 1, default);
        BackupVerification once = await new CompleteVerify(_service.Parts).RunAsync(job, default);
        Assert.Equal(once, await new CompleteVerify(_service.Parts).RunAsync(job, default));
        await new AbandonVerify(_service.Parts).RunAsync(job, new FailureCause("Late", null), default);
        Assert.Equal([EventCode.BackupVerified], await CodesAsync(await BackupAsync()));
    }

    [Fact]
    public async Task A_verdict_whose_telling_was_cut_off_is_told_by_whoever_abandons()
    {
        Backup backup = await BackUpAsync();
        VerifyJob job = await StartAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        await new VerifyShard(_service.Parts).RunAsync(job, 1, default);
        ServiceParts untold = _service.Parts with
        {
            Events = new EventLog(new FaultyObjectStore(_service.Store, StoreFault.Always(StoreOperation.Put, StoreFaultKind.Timeout)), []),
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new CompleteVerify(untold).RunAsync(job, default));
        Assert.Equal(BackupStatus.Damaged, (await BackupAsync()).Status);
        Assert.DoesNotContain(EventCode.BackupDamaged, await CodesAsync(await BackupAsync()));

        await new AbandonVerify(_service.Parts).RunAsync(job, new FailureCause("Aborted", null), default);
        Assert.Contains(EventCode.BackupDamaged, await CodesAsync(await BackupAsync()));
    }

    [Fact]
    public async Task A_damaged_backup_is_not_restored_without_the_word()
    {
        Backup backup = await BackUpAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        await VerifyAsync();
        var refusal = await Assert.ThrowsAsync<BackupNotRestorableException>(() => RestoreAsync(new RestoreTargetSpec()));
        Assert.Contains("Shard 1: Segment", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("allowDamaged", refusal.Message, StringComparison.Ordinal);
        await RestoreAsync(new RestoreTargetSpec { AllowDamaged = true });
    }

    [Fact]
    public async Task A_damaged_backup_stays_damaged_when_it_reads_well_again_and_can_be_deleted()
    {
        Backup backup = await BackUpAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        await VerifyAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        Assert.True((await VerifyAsync()).IsGood);
        Assert.Equal(BackupStatus.Damaged, (await BackupAsync()).Status);
        Assert.Equal(BackupStatus.Deleting, (await new DeleteBackup(_service.Parts).RunAsync(Name, default)).Status);
    }

    [Fact]
    public async Task A_damaged_backup_is_so_in_the_copy_of_its_manifest_too()
    {
        Backup backup = await BackUpAsync();
        await FlipAsync(backup.Shards[0].DataKey, 40);
        await VerifyAsync();
        string copy = await _service.Store.ReadTextAsync(CatalogKeys.ManifestCopy(backup.Id));
        Assert.Contains("\"damaged\"", copy, StringComparison.Ordinal);
    }

    private async Task<Backup> BackUpAsync()
    {
        await _service.AddCacheAsync("source");
        Backup backup = await new StartBackup(_service.Parts).RunAsync(
            new StartBackupRequest(Name, CacheName.Parse("source"), BackupKind.Manual), default);
        BackupJob job = new(backup.Execution, backup.Name, backup.Cache, backup.Generation);
        await new SnapshotShard(_service.Parts).RunAsync(job, 1, default);
        return await new CompleteBackup(_service.Parts).RunAsync(job, default);
    }

    private async Task<VerifyJob> StartAsync()
    {
        Backup used = await new StartVerify(_service.Parts).RunAsync(Name, default);
        ExecutionId execution = used.Uses.Single(use => use.Kind == UseKind.Verify).Execution;
        return new VerifyJob(execution, Name, long.Parse(execution.Value.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<BackupVerification> VerifyAsync()
    {
        VerifyJob job = await StartAsync();
        foreach (int shard in await new PlanVerify(_service.Parts).RunAsync(job, default))
        {
            await new VerifyShard(_service.Parts).RunAsync(job, shard, default);
        }

        return await new CompleteVerify(_service.Parts).RunAsync(job, default);
    }

    private Task<Cache> RestoreAsync(RestoreTargetSpec target) => new StartRestore(_service.Parts).RunAsync(
        new StartRestoreRequest(Name, CacheName.Parse("fresh"), target), default);

    private async Task FlipAsync(ObjectKey key, int offset)
    {
        byte[] bytes = (await _service.Store.ReadAsync(key)).Bytes;
        bytes[offset] ^= 0x10;
        await _service.Store.PutAsync(key, bytes, WriteCondition.None, default);
    }

    private async Task<EventCode[]> CodesAsync(Backup backup) => await _service.Parts.Events
        .ListAsync(CatalogKeys.BackupEvents(backup.Name), null, default).Select(told => told.Code)
        .Where(code => code is EventCode.BackupVerified or EventCode.BackupDamaged or EventCode.BackupVerifyFailed)
        .ToArrayAsync();

    private async Task<string[]> KeysAsync() => await _service.Store.ListAsync("data/", null, default).Select(s => s.Key.Value).ToArrayAsync();

    private Task<Backup> BackupAsync() => _service.Parts.Catalog.Backups.GetAsync(Name, default);
}
