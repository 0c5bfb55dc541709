using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>Conditional writes that are let go at the same instant.</summary>
public static class StoreRace
{
    /// <summary>The racers whose write succeeded; the others were refused for the condition, and any other error is thrown.</summary>
    public static async Task<int[]> RunAsync(int racers, Func<int, Task> write)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool>[] running = [.. Enumerable.Range(0, racers).Select(RaceAsync)];
        start.SetResult();
        bool[] hasWon = await Task.WhenAll(running);
        return [.. Enumerable.Range(0, racers).Where(i => hasWon[i])];

        async Task<bool> RaceAsync(int racer)
        {
            await start.Task;
            try
            {
                await write(racer);
                return true;
            }
            catch (PreconditionFailedException)
            {
                return false;
            }
        }
    }
}
