using System.Text.Json;
using CacheBackup.AmazonLambda.Tests;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>Lambda, as the local runner sees it: every function a process of the published binary, started when it is first called, and kept.</summary>
internal sealed class BinaryFunctions(string binary, IReadOnlyDictionary<string, string> variables) : ITaskInvoker, IAsyncDisposable
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, FunctionProcess> _processes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1, 1);

    /// <summary>The functions that were called, and their processes. To be asked for when none is being called.</summary>
    public IReadOnlyDictionary<string, FunctionProcess> Called => _processes;

    public async Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken) =>
        await InvokeAsync(functionName, payload.GetRawText());

    /// <exception cref="TaskFailedException">The function answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string function, string payload)
    {
        FunctionProcess process = await ProcessOfAsync(function);
        RuntimeResult result = await process.InvokeAsync(payload, TimeLeft);
        return result.Kind == "response"
            ? result.Json
            : throw new TaskFailedException(result.Json.GetProperty("errorType").GetString()!, result.Text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FunctionProcess process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<FunctionProcess> ProcessOfAsync(string function)
    {
        await _starting.WaitAsync();
        try
        {
            if (!_processes.TryGetValue(function, out FunctionProcess? process))
            {
                process = await FunctionProcess.StartAsync(binary, function, variables);
                _processes.Add(function, process);
            }

            return process;
        }
        finally
        {
            _starting.Release();
        }
    }
}
