using System.Collections.Concurrent;
using System.Text.Json;
using CacheBackup.AmazonLambda.Tests;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>Lambda, as the local runner sees it: every function a process of the published binary, started when it is first called, and kept.</summary>
internal sealed class BinaryFunctions(string binary, IReadOnlyDictionary<string, string> variables) : ITaskInvoker, IAsyncDisposable
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Lazy<Task<FunctionProcess>>> _processes = new(StringComparer.Ordinal);

    /// <summary>The functions that were called, and their processes.</summary>
    public IReadOnlyDictionary<string, FunctionProcess> Called =>
        _processes.ToDictionary(entry => entry.Key, entry => entry.Value.Value.GetAwaiter().GetResult());

    public async Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken) =>
        await InvokeAsync(functionName, payload.GetRawText());

    /// <exception cref="TaskFailedException">The function answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string function, string payload)
    {
        FunctionProcess process = await _processes.GetOrAdd(
            function, name => new Lazy<Task<FunctionProcess>>(() => FunctionProcess.StartAsync(binary, name, variables))).Value;
        RuntimeResult result = await process.InvokeAsync(payload, TimeLeft);
        return result.Kind == "response"
            ? result.Json
            : throw new TaskFailedException(result.Json.GetProperty("errorType").GetString()!, result.Text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<FunctionProcess>> process in _processes.Values)
        {
            await (await process.Value).DisposeAsync();
        }
    }
}
