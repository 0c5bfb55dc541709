using System.Collections.Concurrent;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>
/// Runs asynchronous work on the test's own thread, one continuation at a time, and turns the clock only when nothing else is left to
/// do: what happens, and when, is the same in every run.
/// </summary>
internal sealed class TurnedThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    public static T Run<T>(TurnedClock clock, Func<Task<T>> body)
    {
        SynchronizationContext? before = Current;
        var thread = new TurnedThread();
        SetSynchronizationContext(thread);
        try
        {
            Task<T> task = body();
            thread.RunUntil(task, clock);
#pragma warning disable VSTHRD002 // It has completed.
            return task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public static void Run(TurnedClock clock, Func<Task> body) => Run(clock, async () =>
    {
        await body();
        return true;
    });

    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    private void RunUntil(Task task, TurnedClock clock)
    {
        while (!task.IsCompleted)
        {
            if (_queue.TryTake(out var next))
            {
                next.Callback(next.State);
            }
            else if (!clock.TryTurnToNextTimer() && !task.IsCompleted)
            {
                // Another thread may still be on its way here.
                Assert.True(_queue.TryTake(out next, TimeSpan.FromSeconds(20)), "The work stands still: nothing to do and no timer set.");
                next.Callback(next.State);
            }
        }
    }
}
