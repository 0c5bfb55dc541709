using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

public sealed class CacheUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost:6379", false, null)]
    [InlineData("redis://localhost:7000/", "localhost:7000", false, null)]
    [InlineData("valkey://10.1.2.3:7000", "10.1.2.3:7000", false, null)]
    [InlineData("rediss://cache.example.com:6380", "cache.example.com:6380", true, null)]
    [InlineData("valkeys://cache.example.com", "cache.example.com:6379", true, null)]
    [InlineData("redis://backup@localhost:7000", "localhost:7000", false, "backup")]
    [InlineData("redis://back%20up%40home@localhost:7000", "localhost:7000", false, "back up@home")]
    [InlineData("redis://[::1]:7000", "[::1]:7000", false, null)]
    [InlineData("memcached://localhost", "localhost:11211", false, null)]
    [InlineData("memcacheds://backup@cache.example.com", "cache.example.com:11211", true, "backup")]
    public void Address_is_read(string text, string endpoint, bool isTls, string? username)
    {
        CacheUrl url = CacheUrl.Parse(text);

        Assert.Equal((endpoint, isTls, username), (url.Endpoint.ToString(), url.IsTls, url.Username));
        Assert.Equal(text.StartsWith("memcached", StringComparison.Ordinal) ? CacheEngine.Memcached : null, url.Engine);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("localhost")]
    [InlineData("http://localhost:6379")]
    [InlineData("redis://")]
    [InlineData("redis:localhost")]
    [InlineData("redis://localhost:99999")]
    [InlineData("redis://local host")]
    [InlineData("memcache://localhost")]
    public void Anything_else_is_refused_with_how_to_write_it(string text)
    {
        BadUsageException refusal = Assert.Throws<BadUsageException>(() => CacheUrl.Parse(text));

        Assert.Contains("redis://host:port", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://:hunter2@localhost")]
    [InlineData("rediss://user:hunter2@localhost:6380/0")]
    public void Password_in_an_address_is_refused_and_not_repeated(string text)
    {
        BadUsageException refusal = Assert.Throws<BadUsageException>(() => CacheUrl.Parse(text));

        Assert.Contains("CACHE_BACKUP_PASSWORD", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://localhost/3")]
    [InlineData("redis://localhost?db=3")]
    [InlineData("redis://localhost#3")]
    public void Single_database_is_refused(string text)
    {
        BadUsageException refusal = Assert.Throws<BadUsageException>(() => CacheUrl.Parse(text));

        Assert.Contains("all their databases", refusal.Message, StringComparison.Ordinal);
    }
}
