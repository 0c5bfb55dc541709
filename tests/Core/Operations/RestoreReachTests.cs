using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

/// <summary>What a service in AWS cannot restore is refused when it is asked for, not when half of it is done.</summary>
public sealed class RestoreReachTests
{
    private readonly MemoryService _service = new(new FakeTimeProvider(new DateTimeOffset(2028, 2, 29, 12, 0, 0, TimeSpan.Zero)));
    private readonly ServiceParts _parts;

    public RestoreReachTests() => _parts = _service.Parts with { Region = "us-east-1" };

    [Theory]
    [InlineData("eu-west-1", true)]
    [InlineData("us-east-1", false)]
    [InlineData(null, false)]
    public async Task Data_in_another_Region_are_refused(string? region, bool isRefused)
    {
        Backup backup = await _service.TakeBackupAsync("nightly");
        backup = await _parts.Catalog.Backups.ChangeAsync(
            backup.Name, current => current with { Location = new BucketAddress { Location = "s3://copies", Region = region } }, default);
        StartRestoreRequest request = new(backup.Name, CacheName.Parse("fresh"), new RestoreTargetSpec());
        if (!isRefused)
        {
            await new StartRestore(_parts).RunAsync(request, default);
            return;
        }

        BackupNotRestorableException refused = await Assert.ThrowsAsync<BackupNotRestorableException>(() => new StartRestore(_parts).RunAsync(request, default));
        Assert.Contains("Copy the backup into this service's own bucket", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BackupNotRestorableException>(() => new StartRestoreTest(_parts).RunAsync(backup.Name, default));
        Assert.Empty((await _parts.Catalog.Backups.GetAsync(backup.Name, default)).Uses);
    }

    [Fact]
    public async Task A_server_process_is_refused_where_none_can_be_started()
    {
        Backup backup = await _service.TakeBackupAsync("nightly");
        ServiceParts inAws = _parts with { Provisioner = NoProvisioner.Instance };
        await Assert.ThrowsAsync<TargetNotAvailableHereException>(() => new StartRestoreTest(inAws).RunAsync(backup.Name, default));
        await Assert.ThrowsAsync<TargetNotAvailableHereException>(
            () => new StartRestore(inAws).RunAsync(new StartRestoreRequest(backup.Name, CacheName.Parse("fresh"), new RestoreTargetSpec()), default));
        Assert.Null((await _parts.Catalog.Backups.GetAsync(backup.Name, default)).ProofFailure);
    }
}
