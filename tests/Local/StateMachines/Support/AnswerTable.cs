using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>Answers calls of functions and of services (<c>service:action</c>) from a case's <c>tasks</c>, as interpret.py does: each answer once, in order; the last that applies stays.</summary>
internal sealed class AnswerTable(JsonElement tasks, TimeProvider clock) : ITaskInvoker
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<JsonElement>> _answers = tasks.EnumerateObject()
        .ToDictionary(task => task.Name, task => task.Value.EnumerateArray().ToList(), StringComparer.Ordinal);

    public List<(string Function, JsonElement Payload)> Calls { get; } = [];

    public async Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken)
    {
        JsonElement answer = Take(functionName, payload);
        if (answer.TryGetProperty("hangs", out _))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        }

        return answer.TryGetProperty("fails", out JsonElement error) ? throw Failure(functionName, error.GetString()!, answer) : answer.GetProperty("returns");
    }

    /// <summary>Takes an answer that an earlier host took.</summary>
    public void UseUp(string function, JsonElement payload) => Take(function, payload);

    private static TaskFailedException Failure(string function, string error, JsonElement answer)
    {
        string message = answer.TryGetProperty("message", out JsonElement text) ? text.GetString()! : "";

        // A service's cause is its message; a function's is what Lambda makes of an exception.
        return function.Contains(':', StringComparison.Ordinal)
            ? new TaskFailedException(error, message)
            : new TaskFailedException(error, JsonSerializer.Serialize(new { errorType = error, errorMessage = message }));
    }

    private JsonElement Take(string function, JsonElement payload)
    {
        lock (_gate)
        {
            Calls.Add((function, payload));
            List<JsonElement> answers = _answers.GetValueOrDefault(function) ?? [];
            List<JsonElement> fitting =
                [.. answers.Where(answer => !answer.TryGetProperty("when", out JsonElement when) || JsonElement.DeepEquals(when, payload))];
            if (fitting.Count == 0)
            {
                throw new TaskFailedException("NoAnswer", "the script has no answer to this payload");
            }

            if (fitting.Count > 1)
            {
                answers.Remove(fitting[0]);
            }

            return fitting[0];
        }
    }
}
