using CacheBackup.Caches;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>
/// Every key that nodes hold, with the canonical digest of its value and its expiry. It asks each node for its own keys and knows nothing of routing;
/// a key on two nodes fails the test.
/// </summary>
internal static class ClusterContents
{
    /// <summary>Fails with the names of the keys that differ, of which test data has no secret ones.</summary>
    public static void AssertEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> found)
    {
        Assert.NotEmpty(expected);
        Assert.Empty(expected.Keys.Union(found.Keys)
            .Where(key => expected.GetValueOrDefault(key) != found.GetValueOrDefault(key))
            .Select(key => System.Text.Encoding.Latin1.GetString(Convert.FromHexString(key))));
    }

    public static async Task<SortedDictionary<string, string>> ReadAsync(params IReadOnlyList<ServerProcess> nodes)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (ServerProcess node in nodes)
        {
            await using CacheClient client = await node.ConnectAsync();
            await using RespTarget values = await RespTarget.ConnectAsync(
                node.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
            RespReply keys = await client.RequireAsync("KEYS", "*");
            keys.TryGetItems(out ReadOnlyMemory<RespReply> names);
            ReadBackRequest[] requests = [.. names.ToArray().Select(name =>
            {
                name.TryGetBytes(out ReadOnlyMemory<byte> key);
                return new ReadBackRequest(key.ToArray(), null, default);
            })];
            foreach (ReadBackRequest[] some in requests.Chunk(500))
            {
                IReadOnlyList<ReadBack> found = await values.ReadBackAsync(0, some, default);
                for (int i = 0; i < some.Length; i++)
                {
                    Assert.True(found[i].Exists);
                    contents.Add(Convert.ToHexString(some[i].Key.Span), $"{found[i].Digest} {found[i].ExpireAtMilliseconds}");
                }
            }
        }

        return contents;
    }
}
