using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>Lets contenders take turns, so that what else the machine does meets all of them alike.</summary>
internal static class Alternation
{
    public static async Task<IReadOnlyList<Result>> RunAsync(IReadOnlyList<Contender> contenders, int runs, CancellationToken cancellationToken)
    {
        var samples = contenders.Select(_ => new List<Sample>()).ToArray();
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                Sample sample = await contenders[i].RunAsync(cancellationToken);
                samples[i].Add(sample);
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {run + 1}/{runs} {contenders[i].Job}, {contenders[i].Name}: {sample}"));
            }
        }

        return [.. contenders.Select((contender, i) => new Result(contender, samples[i]))];
    }
}
