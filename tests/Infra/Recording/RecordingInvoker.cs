using System.Collections.Concurrent;
using System.Text.Json;
using CacheBackup.Fixtures.Recording;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>Says whose calls follow, holds functions back and lets them fail, as a test wants it.</summary>
internal sealed class RecordingInvoker(ITaskInvoker inner, CallRecorder recorder) : ITaskInvoker
{
    private readonly ConcurrentDictionary<string, bool> _failing = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _reached = new();

    public ConcurrentDictionary<string, bool> Called { get; } = new();

    /// <summary>The function fails from now on, before it does anything.</summary>
    public void Fail(string function) => _failing[function] = true;

    /// <summary>The function waits from now on, before it does anything.</summary>
    public void Hold(string function) => _held[function] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when the function waits.</summary>
    public Task ReachedAsync(string function) => ReachedBy(function).Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The function fails instead of waiting any longer.</summary>
    public void FailHeld(string function)
    {
        Fail(function);
        _held.TryRemove(function, out TaskCompletionSource? held);
        _reached.TryRemove(function, out _);
        held!.SetResult();
    }

    /// <summary>The function works again.</summary>
    public void Release(string function)
    {
        _failing.TryRemove(function, out _);
        _reached.TryRemove(function, out _);
        if (_held.TryRemove(function, out TaskCompletionSource? held))
        {
            held.SetResult();
        }
    }

    public async Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken)
    {
        recorder.Enter(functionName);
        Called[functionName] = true;
        if (_held.TryGetValue(functionName, out TaskCompletionSource? held))
        {
            ReachedBy(functionName).TrySetResult();
            await held.Task.WaitAsync(cancellationToken);
        }

        return _failing.ContainsKey(functionName)
            ? throw new InvalidOperationException("Planned by a test.")
            : await inner.InvokeAsync(functionName, payload, context, cancellationToken);
    }

    private TaskCompletionSource ReachedBy(string function) =>
        _reached.GetOrAdd(function, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
