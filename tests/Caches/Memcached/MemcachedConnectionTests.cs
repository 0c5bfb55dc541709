using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>Who is let in, and who is trusted, on a real memcached.</summary>
[Trait("Category", "Server")]
public sealed class MemcachedConnectionTests
{
    [Fact]
    public async Task A_user_of_the_file_is_let_in_and_others_are_told_why_not()
    {
        await using MemcachedProcess closed = await MemcachedProcess.StartAsync("-m 64", users: "backup:one-word\n");
        CacheAddress known = closed.Address with { Username = "backup", Password = KnownPassword.Reference };
        Assert.Equal(CacheEngine.Memcached, (await ProbeAsync(known)).Engine);
        Assert.Contains("wants a user", await RefusalAsync(closed.Address), StringComparison.Ordinal);
        Assert.Contains("refused user and password", await RefusalAsync(known with { Username = "nobody" }), StringComparison.Ordinal);
        Assert.Contains(
            "no space", (await Assert.ThrowsAsync<CacheAccessDeniedException>(() => ProbeAsync(known, "two words"))).Message, StringComparison.Ordinal);
        Assert.Contains("name the user", await RefusalAsync(known with { Username = null }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_users_never_sees_the_password()
    {
        await using MemcachedProcess open = await MemcachedProcess.StartAsync("-m 64");
        Assert.Contains(
            "asks for no user", await RefusalAsync(open.Address with { Username = "backup", Password = KnownPassword.Reference }), StringComparison.Ordinal);
        using MemcachedClient client = await open.ConnectAsync();
        Assert.Equal("0", (await client.StatsAsync())["total_items"]);
    }

    [Fact]
    public async Task TLS_is_spoken_and_strangers_are_refused()
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        await using MemcachedProcess server = await MemcachedProcess.StartAsync("-m 64", certificate: certificates.Server(), authorityPem: certificates.AuthorityPem);
        Assert.Equal(CacheEngine.Memcached, (await ProbeAsync(server.Address)).Engine);
        await Assert.ThrowsAsync<CacheTlsException>(() => ProbeAsync(server.Address with { Tls = new CacheTls { AuthoritiesPem = strangers.AuthorityPem } }));

        await using MemcachedProcess plain = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: 12, count: 5_000);
        await MemcachedDataSet.FillAsync(plain, items);
        DumpedItems dump = await DumpedItems.TakeAsync(plain.Address);
        Assert.Equal(items.Count, (await dump.RestoreAsync(server)).Restored);
        (await dump.CompareAsync(server)).ThrowIfDifferent();
        Assert.Equal(items.Count, (await DumpedItems.TakeAsync(server.Address)).Snapshot.Content.Summary.Keys);
    }

    [Fact]
    public async Task A_server_that_lists_no_keys_is_refused_when_it_is_probed()
    {
        await using MemcachedProcess crawlerless = await MemcachedProcess.StartAsync("-m 64 -o no_lru_crawler");
        await using MemcachedProcess undumpable = await MemcachedProcess.StartAsync("-m 64 -X");
        Assert.Contains("lru_crawler enable", (await ProbeAsync(crawlerless.Address)).ScanRefusal, StringComparison.Ordinal);
        Assert.Contains("-X", (await ProbeAsync(undumpable.Address)).ScanRefusal, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ScanRefusedException>(() => DumpedItems.TakeAsync(crawlerless.Address));
        await Assert.ThrowsAsync<ScanRefusedException>(() => DumpedItems.TakeAsync(undumpable.Address));
    }

    [Fact]
    public async Task Another_engine_is_not_taken_for_Memcached()
    {
        await using ServerProcess redis = await ServerProcess.StartAsync(CacheEngine.Redis);
        await Assert.ThrowsAsync<CacheProtocolException>(() => ProbeAsync(redis.Address with { Engine = CacheEngine.Memcached }));
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        await Assert.ThrowsAnyAsync<Core.PermanentException>(() => ProbeAsync(memcached.Address with { Engine = null }));
    }

    private static Task<CacheProbe> ProbeAsync(CacheAddress address) => ProbeAsync(address, "one-word");

    private static Task<CacheProbe> ProbeAsync(CacheAddress address, string password) =>
        new LiveCaches(new KnownPassword(password), TimeProvider.System).ProbeAsync(address, default);

    private static async Task<string> RefusalAsync(CacheAddress address) => (await Assert.ThrowsAsync<CacheAccessDeniedException>(() => ProbeAsync(address))).Message;
}
