namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Stops an execution once: the first reason given is the one that counts.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private StopRequest? _request;

    public CancellationToken Token => _source.Token;

    /// <summary>Set before <see cref="Token"/> is cancelled.</summary>
    public StopRequest? Request => Volatile.Read(ref _request);

    public void Stop(StopRequest request)
    {
        if (Interlocked.CompareExchange(ref _request, request, null) is null)
        {
            _source.Signal();
        }
    }

    public void Dispose() => _source.Dispose();
}
