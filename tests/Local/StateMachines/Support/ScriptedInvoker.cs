using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>Functions as a test gives them, and every call of them in order.</summary>
internal sealed class ScriptedInvoker : ITaskInvoker
{
    // What a function is told that several states of one machine call: it is scripted apart for each of them.
    private static readonly string[] Tellings = ["export", "confirm", "refusal"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Func<ScriptedCall, Task<JsonElement>>> _functions = new(StringComparer.Ordinal);
    private readonly List<ScriptedCall> _calls = [];

    public IReadOnlyList<ScriptedCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public IReadOnlyList<string> Called => [.. Calls.Select(call => call.Function)];

    /// <param name="function">A function's name; <c>CheckNativeSnapshot+export</c> for a call whose payload has that member.</param>
    public ScriptedInvoker On(string function, Func<ScriptedCall, Task<JsonElement>> answer)
    {
        _functions[function] = answer;
        return this;
    }

    public ScriptedInvoker On(string function, Func<ScriptedCall, string> answer) =>
        On(function, call => Task.FromResult(JsonElement.Parse(answer(call))));

    /// <summary>Answers call after call; the last answer stays. One that starts with '!' is the name of an error.</summary>
    public ScriptedInvoker On(string function, params string[] answers)
    {
        int next = 0;
        return On(function, _ =>
        {
            string answer = answers[Math.Min(Interlocked.Increment(ref next) - 1, answers.Length - 1)];
            return answer.StartsWith('!') ? throw Error(answer[1..]) : answer;
        });
    }

    public ScriptedInvoker OnMissing(string function, Func<ScriptedCall, string> answer) => _functions.ContainsKey(function) ? this : On(function, answer);

    public ScriptedInvoker OnMissing(string function, string answer) => OnMissing(function, _ => answer);

    /// <summary>Forgets the calls, not the functions.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _calls.Clear();
        }
    }

    /// <summary>Ends once there have been so many calls.</summary>
    public async Task CalledAsync(int calls)
    {
        while (Calls.Count < calls)
        {
            await Task.Yield();
        }
    }

    public static TaskFailedException Error(string name) => new(name, $$"""{"errorType":"{{name}}","errorMessage":"scripted"}""");

    public Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken)
    {
        IEnumerable<string> told = payload.ValueKind == JsonValueKind.Object ? Tellings.Where(each => payload.TryGetProperty(each, out _)) : [];
        functionName = string.Join('+', told.Prepend(functionName));
        var call = new ScriptedCall(functionName, payload, context, cancellationToken);
        lock (_gate)
        {
            _calls.Add(call);
        }

        return _functions.TryGetValue(functionName, out Func<ScriptedCall, Task<JsonElement>>? answer)
            ? answer(call)
            : throw new InvalidOperationException($"The test has no function '{functionName}'.");
    }
}
