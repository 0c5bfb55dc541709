using CacheBackup.Core.Rdb;
using CacheBackup.Fuzz.Guidance;
using CacheBackup.Fuzz.Search;

namespace CacheBackup.Core.Tests.Fuzz;

/// <summary>A short run of the fuzz program, the same every time, and that the search can find what is to be found.</summary>
public sealed class FuzzSearchTests
{
    private const int Seed = 1;

    /// <summary>Runs of each target, about as much time for each, and the edges that its corpus alone takes at least.</summary>
    private static readonly Dictionary<string, (int Runs, int Edges)> Shares = new()
    {
        ["file"] = (250, 2_500),
        ["payload"] = (4_000, 1_000),
        ["value"] = (5_000, 1_200),
        ["packed"] = (25_000, 250),
        ["lzf"] = (2_500, 150),
        ["index"] = (5_000, 400),
        ["reply"] = (8_000, 150),
        ["items"] = (5_000, 40),
    };

    [Fact]
    public void A_seeded_run_of_every_target_breaks_no_promise()
    {
        var targets = GuidedTargets.Load();
        Assert.Equal(Shares.Keys.Order(), targets.All.Keys.Order());
        var corpus = Corpus.Beside(AppContext.BaseDirectory);
        foreach (string target in targets.All.Keys)
        {
            var search = FuzzSearch.Of(targets, target, Seed);
            search.Seed(corpus.Read(target));
            int edges = search.Edges;
            long most = search.Runs + Shares[target].Runs;
            search.Run(() => search.Runs >= most || TestContext.Current.CancellationToken.IsCancellationRequested);

            string report = $"{target}: {search.Runs} runs, {edges} edges by the corpus, {search.Edges} in the end";
            TestContext.Current.SendDiagnosticMessage(report);
            var failures = search.Failures.Select(f => $"{target} {Convert.ToHexString(f.Input)}: {f.Error}");
            Assert.True(search.Failures.Count == 0, string.Join('\n', failures));
            Assert.True(search.Runs >= Shares[target].Runs && edges >= Shares[target].Edges, report);
        }
    }

    [Fact]
    public void The_corpus_has_every_type_of_value()
    {
        var types = Corpus.Beside(AppContext.BaseDirectory).Read("value").Select(input => (RdbType)input[0]).ToHashSet();

        Assert.Empty(Enum.GetValues<RdbType>().Except(types).Except([RdbType.ModulePreRelease]));
    }

    [Fact]
    public void What_lies_behind_several_conditions_is_found_by_what_branches_tell_and_not_without()
    {
        var guided = Maze(isGuided: true);
        var blind = Maze(isGuided: false);

        var failure = Assert.Single(guided.Failures);
        Assert.Equal("maze"u8.ToArray(), failure.Input);
        Assert.IsType<InvalidOperationException>(failure.Error);
        Assert.Empty(blind.Failures);
    }

    [Fact]
    public void A_run_that_does_not_end_is_stopped()
    {
        var search = new FuzzSearch(
            "endless",
            _ =>
            {
                while (true)
                {
                    Branches.Enter(1);
                }
            },
            Branches.Counts,
            _ => Branches.Begin(1_000),
            Seed);
        search.Seed([[1]]);

        Assert.IsType<EndlessRunException>(Assert.Single(search.Failures).Error);
    }

    [Fact]
    public void The_same_seed_is_the_same_search()
    {
        var targets = GuidedTargets.Load();
        var searches = Enumerable.Range(0, 2).Select(_ =>
        {
            var search = FuzzSearch.Of(targets, "packed", 7);
            search.Seed(Corpus.Beside(AppContext.BaseDirectory).Read("packed"));
            search.Run(() => search.Runs >= 3_000);
            return search;
        }).ToList();

        Assert.Equal(searches[0].Inputs.Select(Convert.ToHexString), searches[1].Inputs.Select(Convert.ToHexString));
        Assert.Equal(searches[0].Edges, searches[1].Edges);
        Assert.True(searches[0].Found > 20, $"{searches[0].Found} found");
    }

    /// <summary>Four bytes, each behind a branch of its own.</summary>
    private static FuzzSearch Maze(bool isGuided)
    {
        static void Walk(byte[] input)
        {
            ReadOnlySpan<byte> way = "maze"u8;
            for (int i = 0; i < way.Length; i++)
            {
                if (i >= input.Length || input[i] != way[i])
                {
                    return;
                }

                Branches.Enter(1000 * (i + 1));
            }

            throw new InvalidOperationException("The way out");
        }

        var search = new FuzzSearch("maze", Walk, Branches.Counts, _ => Branches.Begin(1_000_000), Seed, isGuided);
        search.Seed([new byte[8]]);
        search.Run(() => search.Runs >= 200_000 || search.Failures.Count > 0);
        return search;
    }
}
