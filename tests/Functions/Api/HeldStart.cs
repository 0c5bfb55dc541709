namespace CacheBackup.Functions.Tests.Api;

/// <summary>Holds the first who comes, and lets all others pass.</summary>
internal sealed class HeldStart
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _came;

    /// <summary>Ends when the first has come.</summary>
    public Task Reached => _reached.Task;

    public async Task PassAsync()
    {
        if (Interlocked.Increment(ref _came) == 1)
        {
            _reached.SetResult();
            await _letGo.Task;
        }
    }

    public void LetGo() => _letGo.SetResult();
}
