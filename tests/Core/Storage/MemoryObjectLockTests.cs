using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Storage;

public sealed class MemoryObjectLockTests : ObjectLockContract
{
    private readonly FakeTimeProvider _time = new();

    protected override DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task Lock_ends_at_its_date()
    {
        MemoryObjectStore store = new(_time);
        ObjectKey key = new("data/a");
        await store.PutAsync(key, new byte[1], WriteCondition.None, default);
        await store.LockAsync(key, Now.AddDays(1), default);
        _time.Advance(TimeSpan.FromDays(1));
        await store.DeleteAsync(key, default);
        Assert.Null(await store.HeadAsync(key, default));
    }

    protected override ValueTask<IObjectStore> OpenAsync() => new(new MemoryObjectStore(_time));
}
