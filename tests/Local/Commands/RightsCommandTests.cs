using CacheBackup.Caches;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

public sealed class RightsCommandTests
{
    [Fact]
    public async Task All_ways_are_printed_unless_one_is_named()
    {
        ToolRun all = await ToolRun.RunAsync("rights");
        Assert.Equal(0, all.Status);
        Assert.Equal(4, all.Output.Split('\n').Count(line => line.StartsWith("ACL SETUSER backup on >PASSWORD resetkeys ", StringComparison.Ordinal)));
        ToolRun one = await ToolRun.RunAsync("rights", "replication", "--user", "copier", "--cluster", "--engine", "valkey", "--engine-version", "9.1");
        Assert.Contains(
            "ACL SETUSER copier on >PASSWORD resetkeys -@all +info +time +cluster|nodes +cluster|getslotmigrations +replconf +psync\n", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("restore", one.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7.0.0", "+pexpiretime", "+pttl")]
    [InlineData("6.2.14", "+pttl", "+pexpiretime")]
    public async Task Rules_are_those_that_the_version_knows(string version, string known, string unknown)
    {
        ToolRun run = await ToolRun.RunAsync("rights", "scan", "--engine-version", version);
        Assert.Contains(known, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(unknown, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rights", "steal")]
    [InlineData("rights", "--engine", "memcached")]
    [InlineData("rights", "--engine-version", "5.0")]
    [InlineData("rights", "--engine-version", "new")]
    [InlineData("rights", "--user", "a b")]
    public async Task What_is_no_way_engine_version_or_user_is_refused(params string[] arguments) =>
        Assert.Equal(ExitStatus.BadUsage, (await ToolRun.RunAsync(arguments)).Status);

    [Fact]
    public void The_documents_name_every_rule()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "../../../../../docs/operations.md");
        string text = File.ReadAllText(path);
        string section = text[text.IndexOf("## Rights of the user in a cache", StringComparison.Ordinal)..];
        foreach (CacheAccess access in Enum.GetValues<CacheAccess>())
        {
            string row = section.Split('\n').First(line => line.Contains($"`cache-backup rights {access.ToString().ToLowerInvariant()}`", StringComparison.Ordinal));
            foreach (string rule in LeastRights.Of(access, CacheEngine.Redis, new CacheVersion(7, 4, 0), isCluster: false))
            {
                Assert.True(row.Contains(rule.Replace("|", "\\|", StringComparison.Ordinal), StringComparison.Ordinal), $"{rule} of {access} is not in {path}.");
            }
        }
    }
}
