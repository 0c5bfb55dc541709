using CacheBackup.Core;
using CacheBackup.Functions;

namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>What was written once must be read for ever: names may be added, never changed and never removed.</summary>
public sealed class PersistedNamesStabilityTests
{
    private const string AppendVariable = "PERSISTED_NAMES";

    private static readonly string File = Repository.PathOf("tests", "Architecture", "persisted-names.txt");

    private static readonly IReadOnlyCollection<string> Present =
        PersistedNames.Of([typeof(TransientException).Assembly, typeof(FunctionEntry).Assembly]);

    [Fact]
    public void No_persisted_name_is_gone()
    {
        Assert.NotEmpty(GoldenNames.Entries(System.IO.File.ReadLines(File)));

        Violations.None(GoldenNames.Compare(System.IO.File.ReadLines(File), Present).Gone);
    }

    [Fact]
    public void Every_new_name_is_kept_from_now_on()
    {
        var added = GoldenNames.Compare(System.IO.File.ReadLines(File), Present).Added;
        if (added.Count == 0)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(AppendVariable) == "append")
        {
            var lines = System.IO.File.ReadAllLines(File);
            System.IO.File.WriteAllLines(
                File, [.. lines.TakeWhile(line => line.StartsWith('#')), .. GoldenNames.Entries(lines).Concat(added).Order(StringComparer.Ordinal)]);
            return;
        }

        Assert.Fail($"New persisted names. Run this test once with {AppendVariable}=append, or add to persisted-names.txt:\n{string.Join('\n', added)}");
    }
}
