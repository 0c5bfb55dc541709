using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Amazon.Lambda.Annotations;
using CacheBackup.AmazonLambda.Tests;
using CacheBackup.Functions;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>One sandbox of one function: the binary as a process, and the Runtime API that it asks for events. One event at a time, as in Lambda.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    // Tests share their machine with others.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const uint LeastMemoryMiB = 128;

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly StringBuilder _log = new();
    private int _requests;

    private FunctionProcess(Process process, RuntimeApiServer api)
    {
        (_process, Api) = (process, api);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public RuntimeApiServer Api { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written so far, to either stream.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <param name="function">Null: the variable that names it is not set.</param>
    /// <param name="variables">The service's settings and AWS's; nothing of this process's own of that kind is handed on.</param>
    public static async Task<FunctionProcess> StartAsync(string binary, string? function, IReadOnlyDictionary<string, string> variables)
    {
        RuntimeApiServer api = await RuntimeApiServer.StartAsync();
        api.Patience = Patience;
        ProcessStartInfo start = new(binary) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Endpoint;
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = $"cache-backup-{function}";
        if (function is not null)
        {
            start.Environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = MemoryOf(function).ToString(CultureInfo.InvariantCulture);
            start.Environment["ANNOTATIONS_HANDLER"] = function;
        }

        return new FunctionProcess(Process.Start(start)!, api);
    }

    /// <summary>MiB, as the stack gives them to the function; the least that Lambda has for one that there is not.</summary>
    public static uint MemoryOf(string function) => typeof(FunctionTable).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Select(method => method.GetCustomAttribute<LambdaFunctionAttribute>())
        .FirstOrDefault(attribute => attribute?.ResourceName == function)?.MemorySize ?? LeastMemoryMiB;

    /// <summary>Hands an event out and waits for what the function answers.</summary>
    /// <param name="payload">The event's JSON.</param>
    /// <param name="left">The time that the function has.</param>
    public async Task<RuntimeResult> InvokeAsync(string payload, TimeSpan left)
    {
        await _turn.WaitAsync();
        try
        {
            string id = $"request-{Interlocked.Increment(ref _requests)}";
            long deadline = TimeProvider.System.GetUtcNow().Add(left).ToUnixTimeMilliseconds();
            Task<RuntimeResult> result = Api.InvokeAsync(payload, id, deadline);
            await Task.WhenAny(result, _process.WaitForExitAsync());
            return result.IsCompleted || !HasExited
                ? await result
                : throw new InvalidOperationException($"The function's process ended with status {_process.ExitCode}:\n{Log}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The error of a start that failed, and the status that the process ended with.</summary>
    public async Task<(RuntimeResult Error, int Status)> FailureOfStartAsync()
    {
        RuntimeResult error = await Api.ResultAsync("init");
        using CancellationTokenSource limit = new(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return (error, _process.ExitCode);
    }

    /// <summary>The most memory that it has held at once, in MiB; null where it has ended.</summary>
    public double? PeakMiB() => HasExited
        ? null
        : File.ReadLines($"/proc/{_process.Id}/status")
            .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => (double?)(double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024))
            .FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Api.DisposeAsync();
        _turn.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
