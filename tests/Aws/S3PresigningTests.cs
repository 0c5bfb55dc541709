using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests;

public sealed class S3PresigningTests(MotoServer moto)
{
    [Fact]
    public async Task Link_gives_the_object_to_whoever_has_it_and_says_when_it_ends()
    {
        using S3ObjectStore store = await MotoBuckets.OpenAsync(moto, "/kept");
        ObjectKey key = new("data/one/shard-0001.rdb");
        byte[] content = "the bytes of a data file"u8.ToArray();
        await store.PutAsync(key, content, WriteCondition.None, default);

        Uri link = await store.PresignAsync(key, "nightly-0001.rdb", TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(15), default);

        Assert.Contains("X-Amz-Signature=", link.Query, StringComparison.Ordinal);
        string expires = link.Query.TrimStart('?').Split('&').Single(pair => pair.StartsWith("X-Amz-Expires=", StringComparison.Ordinal))["X-Amz-Expires=".Length..];
        Assert.InRange(int.Parse(expires, provider: null), 890, 900);
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(link);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Contains("response-content-disposition=attachment", link.Query, StringComparison.Ordinal);
        Assert.Contains("nightly-0001.rdb", link.Query, StringComparison.Ordinal);
    }
}
