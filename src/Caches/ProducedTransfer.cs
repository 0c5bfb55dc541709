using System.IO.Pipelines;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// A transfer whose stream no cache sends as it is: it is put together here, by a task of its own, at most <see cref="PauseBytes"/> ahead of who reads it.
/// </summary>
internal abstract class ProducedTransfer : SnapshotTransfer
{
    /// <summary>What was written and is not taken yet, in bytes.</summary>
    protected const int PauseBytes = 1024 * 1024;

    private readonly CancellationTokenSource _leaving = new();
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));

    private Task _producing = Task.CompletedTask;
    private bool _isDisposed;

    public sealed override PipeReader Content => _pipe.Reader;

    public sealed override long? LengthBytes => null;

    protected PipeWriter Writer => _pipe.Writer;

    public sealed override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _leaving.CancelAsync();
        await _pipe.Reader.CompleteAsync();
        await _producing;
        await CloseAsync();
        _leaving.Dispose();
    }

    /// <summary>To be called once, when everything is there that <see cref="ProduceAsync"/> needs.</summary>
    protected void Begin() => _producing = Task.Run(RunAsync);

    /// <summary>Writes all of it to <see cref="Writer"/>, which it does not complete.</summary>
    protected abstract Task ProduceAsync(CancellationToken cancellationToken);

    /// <summary>Closes the connections; nothing is written any more.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Whatever happens, the reader of the stream is told: by the end of the pipe, or by what went wrong.</summary>
    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            await ProduceAsync(_leaving.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }
}
