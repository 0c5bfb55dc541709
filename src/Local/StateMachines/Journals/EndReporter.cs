namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>Keeps the end of an execution and tells those who must know, at least once.</summary>
internal sealed class EndReporter(ExecutionHostOptions options)
{
    // After these, the next resume tells again.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];

    public async Task EndAsync(OpenExecution execution, ExecutionResult result, CancellationToken stopping)
    {
        // Told last: from here on a restart finds the end, and finds that it was not told of.
        var end = new EndRecord(result, execution.CurrentState, IsReported: result.Status == ExecutionStatus.Succeeded);
        if (!TryKeep(execution, end))
        {
            return;
        }

        execution.SetEnd(end);
        options.Logger.Ended(execution.Key, result.Status, result.Error);
        await ReportAsync(execution, stopping);
    }

    public async Task ReportAsync(OpenExecution execution, CancellationToken stopping)
    {
        if (execution.End is not { IsReported: false } end)
        {
            return;
        }

        ExecutionResult result = end.Result;
        var ended = new ExecutionEnded(execution.Key, execution.Id, result.Status, result.Error, result.Cause, result.StopTime);
        for (int attempt = 0; ; attempt++)
        {
            if (await TryTellAsync(ended, stopping))
            {
                EndRecord reported = end with { IsReported = true };
                if (TryKeep(execution, reported))
                {
                    execution.SetEnd(reported);
                }

                return;
            }

            if (attempt == Pauses.Length || !await TryPauseAsync(Pauses[attempt], stopping))
            {
                return;
            }
        }
    }

    private async Task<bool> TryTellAsync(ExecutionEnded ended, CancellationToken stopping)
    {
        try
        {
            await options.Ended.OnEndedAsync(ended, stopping);
            return true;
        }
        catch (Exception failed)
        {
            // Whatever it is, it must not be forgotten that it was not told.
            options.Logger.NotReported(ended.Key, ended.Status, failed);
            return false;
        }
    }

    private async Task<bool> TryPauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, options.Runner.Clock, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private bool TryKeep(OpenExecution execution, EndRecord end)
    {
        try
        {
            execution.Folder.WriteEnd(end);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            options.Logger.Stalled(execution.Key, failed.Message);
            execution.Stall(failed.Message);
            return false;
        }
    }
}
