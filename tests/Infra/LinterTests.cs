using System.Diagnostics;
using CacheBackup.Fixtures;

namespace CacheBackup.Infra.Tests;

public sealed class LinterTests(SynthesisedStack stack)
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Templates_are_clean()
    {
        // W3005: dependencies that a reference makes anyway are a habit of the construction kit.
        ProcessStartInfo start = new(Requires.Program("cfn-lint")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "-i", "W3005", "--regions", SynthesisedStack.Region, "-t" }.Concat(stack.TemplatesToLint))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
