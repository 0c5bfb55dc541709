using System.Diagnostics;
using System.Net.Sockets;
using CacheBackup.Fixtures;

namespace CacheBackup.Faults;

/// <summary>A host in a process of its own that dies by its own SIGKILL right after a named effect.</summary>
public static class KilledHost
{
    // 128 + SIGKILL: how a process that was killed is reported.
    private const int KilledExitCode = 137;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Beside = ["register", "schedule", "purge", "verify-sweep"];

    /// <summary>
    /// Starts the host on a data directory, sends the requests that lead to the effect, and waits until it is dead. The effects are
    /// printed. A host that lives on, because the run came to its end without the effect, fails the test.
    /// </summary>
    /// <param name="more">For the host.</param>
    /// <returns>The effects in their order; the last one is the fatal one.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string data, string fatalEffect, Func<ServiceClient, Task> request, params string[] more)
    {
        string effectsPath = $"{data}.effects";
        string[] endedBefore = EndedExecutions(data);
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "CacheBackup.FaultyHost.dll"), data, effectsPath, fatalEffect, .. more])
        {
            start.ArgumentList.Add(argument);
        }

        using Process host = Process.Start(start)!;
        try
        {
            using CancellationTokenSource limit = new(Patience);
            string url = await host.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The host did not start.");
            bool isDead = await RequestAsync(data, url, request, host, limit.Token);
            string[] effects = await File.ReadAllLinesAsync(effectsPath, CancellationToken.None);
            Print(effects);
            Assert.True(isDead, $"The run ended before '{fatalEffect}': the effects were {string.Join(", ", effects)}.");
            Assert.Equal(KilledExitCode, host.ExitCode);
            Assert.Equal(fatalEffect, effects[^1]);
            Assert.Equal(endedBefore, EndedExecutions(data));
            return effects;
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }
    }

    private static async Task<bool> RequestAsync(
        string data, string url, Func<ServiceClient, Task> request, Process host, CancellationToken cancellationToken)
    {
        using ServiceClient client = new(new Uri(url), (await File.ReadAllTextAsync(Path.Combine(data, "token"), cancellationToken)).Trim());
        try
        {
            await request(client);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // The host died before it answered.
        }

        return await DiesAsync(host, cancellationToken);
    }

    /// <summary>The request has been answered, so the run has ended: where the host is to die, it does so about now.</summary>
    private static async Task<bool> DiesAsync(Process host, CancellationToken cancellationToken)
    {
        using CancellationTokenSource grace = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        grace.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await host.WaitForExitAsync(grace.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A registration only leads up to the run that is to be killed, and the host's clock starts others beside it: their ends do not count.</summary>
    private static string[] EndedExecutions(string data) =>
    [
        .. Directory.GetFiles(Path.Combine(data, "executions"), "end.json", SearchOption.AllDirectories)
            .Where(path => !Beside.Any(machine => path.Contains($"/executions/{machine}/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    private static void Print(string[] effects)
    {
        for (int i = 0; i < effects.Length; i++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{i + 1,4} {effects[i]}");
        }
    }
}
