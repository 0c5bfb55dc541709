using System.Globalization;
using CacheBackup.Fuzz.Guidance;
using CacheBackup.Fuzz.Search;

namespace CacheBackup.Fuzz;

/// <summary>The program: searches for as long as it is told, or replays one input.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        fuzz [--target NAME]... [--seconds N | --runs N] [--seed N] [--corpus FOLDER] [--keep] [--out FOLDER]
        fuzz --target NAME --replay FILE

        --target NAME     only this target; all by default
        --seconds N       for each target; 10 by default
        --runs N          instead of a time: the same search every time
        --seed N          of every random choice; 1 by default
        --corpus FOLDER   the inputs to begin with; those checked in by default
        --keep            write the inputs that add a branch, found ones included, back to the corpus
        --out FOLDER      where inputs that fail are written; the current folder by default
        --replay FILE     runs one input that failed before, and shows what happens

        Exit status 0: no promise was broken; 1: one was; 2: misuse.
        """;

    public static int Run(string[] args, TextWriter output)
    {
        if (FuzzOptions.Parse(args) is not { } options)
        {
            output.WriteLine(Usage);
            return 2;
        }

        var targets = GuidedTargets.Load();
        if (options.Targets.FirstOrDefault(t => !targets.All.ContainsKey(t)) is { } unknown)
        {
            output.WriteLine($"There is no target '{unknown}': {string.Join(", ", targets.All.Keys)}.");
            return 2;
        }

        if (options.Replay is { } file)
        {
            return Replay(targets, options.Targets[0], file, output);
        }

        bool isGood = true;
        foreach (string target in options.Targets.Count > 0 ? options.Targets : [.. targets.All.Keys])
        {
            isGood &= Search(targets, target, options, output);
        }

        return isGood ? 0 : 1;
    }

    private static bool Search(GuidedTargets targets, string target, FuzzOptions options, TextWriter output)
    {
        var corpus = options.Corpus is { } folder ? new Corpus(folder) : Corpus.Beside(AppContext.BaseDirectory);
        var search = FuzzSearch.Of(targets, target, options.Seed);
        long began = TimeProvider.System.GetTimestamp();
        search.Seed(corpus.Read(target));
        int edges = search.Edges;
        int seeds = search.Inputs.Count;
        long seedRuns = search.Runs;
        search.Run(() => options.Runs is { } runs
            ? search.Runs - seedRuns >= runs
            : TimeProvider.System.GetElapsedTime(began).TotalSeconds >= options.Seconds);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target,-8} {search.Runs,10:N0} runs in {elapsed.TotalSeconds:F1} s, " +
            $"{edges} edges by {seeds} inputs, {search.Edges} in the end, {search.Found} inputs found"));
        if (options.Keep)
        {
            var kept = FuzzSearch.Of(targets, target, options.Seed);
            kept.Seed(search.Inputs.OrderBy(input => input.Length), onlyNew: true);
            corpus.Write(target, kept.Inputs);
        }

        foreach (var failure in search.Failures)
        {
            Report(failure, options, output);
        }

        return search.Failures.Count == 0;
    }

    private static void Report(FuzzFailure failure, FuzzOptions options, TextWriter output)
    {
        string hash = Convert.ToHexStringLower(System.IO.Hashing.XxHash32.Hash(failure.Input));
        string path = Path.Combine(options.Out, $"{failure.Target}-{hash}.bin");
        Directory.CreateDirectory(options.Out);
        File.WriteAllBytes(path, failure.Input);
        output.WriteLine($"FAILED   {failure.Error.GetType().Name}: {failure.Error.Message}");
        output.WriteLine($"         {failure.Input.Length} bytes in {path}; again with: --target {failure.Target} --replay {path}");
        output.WriteLine(failure.Error.StackTrace);
    }

    private static int Replay(GuidedTargets targets, string target, string file, TextWriter output)
    {
        byte[] input = File.ReadAllBytes(file);
        targets.Begin(input.Length);
        try
        {
            targets.All[target](input);
            output.WriteLine($"{input.Length} bytes broke no promise of '{target}'.");
            return 0;
        }
        catch (Exception e)
        {
            output.WriteLine(e.ToString());
            return 1;
        }
    }
}
