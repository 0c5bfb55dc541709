using System.Text.Json;
using CacheBackup.Functions;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Host;

/// <summary>Calls the functions in process: the local stand-in of AWS Lambda. Input and output go through JSON, as they do there.</summary>
internal sealed class FunctionInvoker(Func<FunctionTable> functions, TimeProvider time, Action<string> log) : ITaskInvoker
{
    public async Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken)
    {
        if (!functions().Entries.TryGetValue(functionName, out FunctionEntry? function))
        {
            throw new InvalidOperationException($"State {context.State} names the function {functionName}, which does not exist.");
        }

        using MemoryStream input = new(JsonSerializer.SerializeToUtf8Bytes(payload, LocalJson.Default.JsonElement));
        using MemoryStream output = new();
        LocalLambdaContext lambda = new(functionName, function.Timeout, time, log, cancellationToken);
        await Task.Run(() => function.InvokeAsync(input, output, lambda), cancellationToken);
        return JsonSerializer.Deserialize(output.GetBuffer().AsSpan(0, (int)output.Length), LocalJson.Default.JsonElement);
    }
}
