namespace CacheBackup.Bench;

/// <summary>Reading a file: verify and inspect against the engines' own checkers.</summary>
internal static class FileLine
{
    public static IReadOnlyList<Contender> Contenders(Programs programs, string rdbPath) =>
    [
        new("verify", "cache-backup verify", token => RunAsync(programs.Tool, ["verify", rdbPath, "--json"], token)),
        new("inspect", "cache-backup inspect", token => RunAsync(programs.Tool, ["inspect", rdbPath, "--json"], token)),
        .. programs.Checkers.Select(checker => new Contender("check", checker.Name, token => RunAsync(checker.Path, [rdbPath], token))),
    ];

    private static Task<Sample> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        MeasuredProcess.RunAsync(program, arguments, inputPath: null, server: null, cancellationToken);
}
