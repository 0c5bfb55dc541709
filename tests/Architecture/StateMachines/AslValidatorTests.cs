using System.Diagnostics;
using System.Text.Json;
using CacheBackup.Fixtures;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>npm's asl-validator, a judge that is not ours, over every machine.</summary>
[Trait("Category", "Server")]
public sealed class AslValidatorTests
{
    private const string Version = "4.0.0";

    private static readonly string Folder = Repository.PathOf("tests", "Architecture");

    [Fact]
    public async Task Every_machine_is_valid_in_the_eyes_of_asl_validator()
    {
        await InstallAsync();
        var files = Repository.Files("statemachines", $"*{AslMachine.Extension}").Select(file => Repository.PathOf(file)).ToList();
        Assert.NotEmpty(files);

        var (exitCode, output) = await ValidateAsync(files);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Machine_with_a_state_that_leads_nowhere_is_refused()
    {
        await InstallAsync();
        var broken = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(broken, """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"Nowhere"}}}""");

            var (exitCode, output) = await ValidateAsync([broken]);

            Assert.NotEqual(0, exitCode);
            Assert.Contains("Nowhere", output);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    private static Task<(int ExitCode, string Output)> ValidateAsync(IEnumerable<string> files) =>
        RunAsync("node", [
            Path.Combine(Folder, "node_modules", "asl-validator", "dist", "bin", "asl-validator.js"), .. files.SelectMany(file => new[] { "--json-path", file }),
        ]);

    // Kept beside the tests between runs; package managers' folders are no part of the repository.
    private static async Task InstallAsync()
    {
        Requires.Program("node");
        Requires.Program("npm");
        var installed = Path.Combine(Folder, "node_modules", "asl-validator", "package.json");
        if (File.Exists(installed) && JsonDocument.Parse(await File.ReadAllTextAsync(installed)).RootElement.GetProperty("version").GetString() == Version)
        {
            return;
        }

        var (exitCode, output) = await RunAsync(
            "npm", ["install", $"asl-validator@{Version}", "--prefix", Folder, "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]);
        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
