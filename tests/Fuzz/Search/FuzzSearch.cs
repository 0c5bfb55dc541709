using CacheBackup.Fuzz.Guidance;

namespace CacheBackup.Fuzz.Search;

/// <summary>
/// Runs changed inputs of a corpus through a target, and keeps those that take a branch that none took before: they are what is changed
/// next. The same seed and number of runs give the same search.
/// </summary>
internal sealed class FuzzSearch
{
    private const int MostFailures = 10;
    private const int MinimizingRuns = 4_000;

    private readonly string _target;
    private readonly Action<byte[]> _run;
    private readonly byte[] _counts;
    private readonly Action<int> _begin;
    private readonly bool _isGuided;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly EdgeMap _edges = new();

    /// <param name="target">Its name, for reports.</param>
    /// <param name="run">The target.</param>
    /// <param name="counts">What a run has counted.</param>
    /// <param name="begin">Called before each run, with the input's length.</param>
    /// <param name="seed">Of every random choice.</param>
    /// <param name="isGuided">False: nothing is kept. Only to show what guidance is worth.</param>
    public FuzzSearch(string target, Action<byte[]> run, byte[] counts, Action<int> begin, int seed, bool isGuided = true)
    {
        _target = target;
        _run = run;
        _counts = counts;
        _begin = begin;
        _isGuided = isGuided;
        _random = new Random(seed);
        _mutator = new Mutator(_random);
    }

    public static FuzzSearch Of(GuidedTargets targets, string target, int seed) =>
        new(target, targets.All[target], targets.Counts, targets.Begin, seed);

    /// <summary>The corpus and what was added to it.</summary>
    public List<byte[]> Inputs { get; } = [];

    /// <summary>One of each kind.</summary>
    public List<FuzzFailure> Failures { get; } = [];

    public long Runs { get; private set; }

    public int Edges => _edges.Edges;

    /// <summary>How many inputs were found that do something new.</summary>
    public int Found { get; private set; }

    /// <summary>Takes in inputs to begin with; those that add nothing are left out where <paramref name="onlyNew"/>.</summary>
    public void Seed(IEnumerable<byte[]> corpus, bool onlyNew = false)
    {
        foreach (byte[] input in corpus)
        {
            if (Try(input) || !onlyNew)
            {
                Inputs.Add(input);
            }
        }

        if (Inputs.Count == 0)
        {
            Inputs.Add([0]);
        }
    }

    /// <summary>Changes inputs until told to stop, or too much has failed.</summary>
    /// <param name="mustStop">Asked before every run.</param>
    public void Run(Func<bool> mustStop)
    {
        while (!mustStop() && Failures.Count < MostFailures)
        {
            byte[] input = _mutator.Change(Choose(), Choose());
            if (Try(input) && _isGuided)
            {
                Found++;
                Inputs.Add(input);
            }
        }
    }

    /// <summary>Half of the time one of the last found: what is new leads on.</summary>
    private byte[] Choose()
    {
        int recent = Math.Max(1, Inputs.Count / 4);
        return _random.Next(2) == 0 ? Inputs[^_random.Next(1, recent + 1)] : Inputs[_random.Next(Inputs.Count)];
    }

    /// <summary>True if the run did something new and broke no promise.</summary>
    private bool Try(byte[] input)
    {
        if (Break(input) is { } error)
        {
            Report(input, error);
            return false;
        }

        return _edges.TryAdd(_counts);
    }

    private Exception? Break(byte[] input)
    {
        Runs++;
        _begin(input.Length);
        try
        {
            _run(input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void Report(byte[] input, Exception error)
    {
        string kind = FuzzFailure.KindOf(error);
        if (Failures.All(f => f.Kind != kind))
        {
            byte[] small = Minimize(input, kind);
            Failures.Add(new FuzzFailure(_target, small, Break(small) ?? error));
        }
    }

    /// <summary>Leaves out pieces, ever smaller ones, then makes bytes zero, as long as the same failure stays.</summary>
    private byte[] Minimize(byte[] input, string kind)
    {
        long mostRuns = Runs + MinimizingRuns;
        bool Fails(byte[] candidate) => Runs < mostRuns && Break(candidate) is { } error && FuzzFailure.KindOf(error) == kind;
        for (int piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
        {
            for (int at = 0; at + piece <= input.Length;)
            {
                byte[] shorter = [.. input[..at], .. input[(at + piece)..]];
                if (Fails(shorter))
                {
                    input = shorter;
                }
                else
                {
                    at += piece;
                }
            }
        }

        for (int at = 0; at < input.Length; at++)
        {
            byte[] plainer = [.. input];
            plainer[at] = 0;
            input = plainer[at] != input[at] && Fails(plainer) ? plainer : input;
        }

        return input;
    }
}
