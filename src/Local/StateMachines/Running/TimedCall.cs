using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>
/// Runs a call until it ends or its limit passes. A call that is cut off is cancelled and given a grace to end, so that what comes
/// next does not start beside it.
/// </summary>
internal sealed class TimedCall(TimeProvider clock, DateTimeOffset? limit, TimeSpan grace)
{
    /// <returns>The result; null if the limit passed first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the call ended with a result or a failure.</exception>
    public async Task<JsonElement?> RunAsync(Func<CancellationToken, Task<JsonElement>> call, CancellationToken cancellationToken)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<JsonElement> work = call(cut.Token);
        Task limitPasses = limit is { } moment ? clock.UntilAsync(moment, timer.Token) : Task.Delay(Timeout.InfiniteTimeSpan, clock, timer.Token);
        await Task.WhenAny(work, limitPasses);
        bool isOverLimit = !work.IsCompleted && !cancellationToken.IsCancellationRequested;
        timer.Signal();
        _ = ObserveAsync(limitPasses);
        if (!work.IsCompleted)
        {
            cut.Signal();
            await GiveGraceAsync(work);
        }

        _ = ObserveAsync(work);
        if (isOverLimit)
        {
            return null;
        }

        // A failure that a stop brought about is not the task's own; a result that came all the same is worth keeping.
        return work.IsCompletedSuccessfully || !cancellationToken.IsCancellationRequested
            ? await work
            : throw new OperationCanceledException(cancellationToken);
    }

    private async Task GiveGraceAsync(Task work)
    {
        using var ended = new CancellationTokenSource();
        Task graceEnds = Task.Delay(grace, clock, ended.Token);
        await Task.WhenAny(work, graceEnds);
        ended.Signal();
        _ = ObserveAsync(graceEnds);
    }

    /// <summary>Takes note of an end that nobody waits for any more.</summary>
    private static async Task ObserveAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
