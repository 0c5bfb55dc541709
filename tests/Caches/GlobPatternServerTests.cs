using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>Our matcher and the servers' own, on the same keys and patterns.</summary>
[Trait("Category", "Server")]
public sealed class GlobPatternServerTests
{
    private const string KeyLetters = "abc^-]\\[*?\u00e9";
    private const string PatternLetters = "abc***??[[^-]]\\";

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Random_patterns_find_the_keys_that_the_server_finds(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        Random random = new(20_261_122);
        string[] keys = [.. Enumerable.Range(0, 400).Select(_ => Word(random, KeyLetters, 0, 6)).Distinct()];
        await client.SendManyAsync([.. keys.Select(key => (RespArgument[])["SET", key, "1"])]);

        string[] patterns = [.. Enumerable.Range(0, 3_000).Select(_ => Word(random, PatternLetters, 1, 8)).Distinct()];
        RespReply[] replies = await client.SendManyAsync([.. patterns.Select(pattern => (RespArgument[])["KEYS", pattern])]);
        int found = 0;
        foreach ((string pattern, RespReply reply) in patterns.Zip(replies))
        {
            string[] theirs = [.. Texts(reply).Order(StringComparer.Ordinal)];
            GlobPattern ours = GlobPattern.Parse(pattern);
            string[] matching = [.. keys.Where(key => ours.Matches(Encoding.UTF8.GetBytes(key))).Order(StringComparer.Ordinal)];
            Assert.True(theirs.SequenceEqual(matching), $"{pattern}: the server finds {theirs.Length} key(s), we find {matching.Length}.");
            found += matching.Length;
        }

        Assert.True(found > 10_000, $"only {found} matches in all");
    }

    private static string[] Texts(RespReply reply) => reply.TryGetItems(out ReadOnlyMemory<RespReply> items)
        ? [.. items.ToArray().Select(item => item.TryGetText(out string text) ? text : throw new InvalidOperationException("The reply holds no text."))]
        : throw new InvalidOperationException("The reply is no list.");

    private static string Word(Random random, string letters, int least, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => letters[random.Next(letters.Length)]));
}
