using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace CacheBackup.Bench;

/// <summary>The published tool as a service on a data directory of its own, with one cache registered.</summary>
internal sealed class BenchService : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Seldom enough that the service's answers do not count, often enough that the time is right to half a percent.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly int _source;
    private int _backups;

    private BenchService(Process process, HttpClient client, int source)
    {
        _process = process;
        _client = client;
        _source = source;
    }

    public static async Task<BenchService> StartAsync(string tool, string folder, BenchServer source, CancellationToken cancellationToken)
    {
        int port = FreePort();
        string data = Path.Combine(folder, "service");
        var start = new ProcessStartInfo(tool, ["serve", "--data", data, "--urls", $"http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new BenchService(process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") }, source.ProcessId);
        try
        {
            await service.RegisterAsync(Path.Combine(data, "token"), source.Port, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>From the request to the answer that says it is available. Its data is removed again, which is not counted.</summary>
    public async Task<Sample> BackupAsync(CancellationToken cancellationToken)
    {
        string name = $"bench-{++_backups}";
        double cpu = ProcessFigures.CpuSeconds(_process.Id);
        double serverCpu = ProcessFigures.CpuSeconds(_source);
        long began = TimeProvider.System.GetTimestamp();
        await PostAsync("/backups", new JsonObject { ["name"] = name, ["cache"] = "source" }, cancellationToken);
        await StatusAsync($"/backups/{name}", "available", cancellationToken);
        var sample = new Sample(
            TimeProvider.System.GetElapsedTime(began).TotalSeconds,
            ProcessFigures.CpuSeconds(_process.Id) - cpu,
            ProcessFigures.PeakBytes(_process.Id),
            ProcessFigures.CpuSeconds(_source) - serverCpu);
        (await _client.DeleteAsync($"/backups/{name}", cancellationToken)).EnsureSuccessStatusCode();
        await StatusAsync($"/backups/{name}", null, cancellationToken);
        return sample;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RegisterAsync(string tokenPath, int port, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(tokenPath, cancellationToken)).Trim());
                await PostAsync("/caches", new JsonObject { ["name"] = "source", ["host"] = "127.0.0.1", ["port"] = port }, cancellationToken);
                break;
            }
            catch (Exception e) when (e is IOException or HttpRequestException { StatusCode: null } && TimeProvider.System.GetElapsedTime(began) < StartLimit)
            {
                await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
            }
        }

        await StatusAsync("/caches/source", "available", cancellationToken);
    }

    private async Task PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _client.PostAsJsonAsync(path, body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    /// <summary>Waits for a status; null: until it is not found.</summary>
    private async Task StatusAsync(string path, string? wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpResponseMessage answer = await _client.GetAsync(path, cancellationToken);
            string? status = answer.IsSuccessStatusCode ? (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["status"] : null;
            if (status == wanted)
            {
                return;
            }

            if (status == "failed")
            {
                throw new InvalidOperationException($"{path} has failed: {await _client.GetStringAsync(path, cancellationToken)}");
            }

            await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
        }
    }
}
