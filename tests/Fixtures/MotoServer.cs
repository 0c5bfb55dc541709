using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace CacheBackup.Fixtures;

/// <summary>
/// AWS on this machine: one <c>moto_server</c> on a free loopback port for all tests of an assembly
/// (<c>[assembly: AssemblyFixture(typeof(MotoServer))]</c>). It is started by the first test that asks, so that an assembly whose
/// other tests are run alone does not wait for it, and stopped with the assembly. Credentials are not checked by it.
/// </summary>
public sealed class MotoServer : IAsyncLifetime
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private Process? _process;
    private Uri? _endpoint;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The address of the running server. Skips the test where moto is not installed, and fails it in CI.</summary>
    public async Task<Uri> EndpointAsync()
    {
        await _starting.WaitAsync();
        try
        {
            return _endpoint ??= await StartAsync(Requires.Program("moto_server"));
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // moto_server may be a script that starts Python.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _starting.Dispose();
    }

    private async Task<Uri> StartAsync(string program)
    {
        int port = FreePort();
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { "-H", "127.0.0.1", "-p", $"{port}" },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };

        // There it finds what makes its conditional writes atomic.
        start.Environment["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "Moto");
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // Read, so that it never waits for us; its access log is of no use.
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        var endpoint = new Uri($"http://127.0.0.1:{port}");
        await WaitUntilItAnswersAsync(endpoint);
        return endpoint;
    }

    private async Task WaitUntilItAnswersAsync(Uri endpoint)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartTimeout)
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"moto_server ended with status {_process.ExitCode}.");
            }

            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(endpoint, "/moto-api/"));
                return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new TimeoutException($"moto_server did not answer within {StartTimeout.TotalSeconds} s.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
