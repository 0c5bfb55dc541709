using System.Threading.Channels;
using CacheBackup.Core.Segments;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Works on a file's segments on all processors while another thread goes on walking and says where they are. Each segment is read again, from the
/// system's cache: cheaper than handing buffers over. Segments are dealt in turn, so that what each worker sees does not depend on who is faster.
/// Memory: one buffer a worker.
/// </summary>
internal sealed class SegmentWorkers<TWorker> : IAsyncDisposable
    where TWorker : class, ISegmentWorker
{
    /// <summary>More would gain nothing over the one that walks.</summary>
    private const int MostWorkers = 8;

    /// <summary>How far the walk may be ahead, in segments a worker: what it has read should still be in the system's cache.</summary>
    private const int MostWaiting = 16;

    private readonly SafeFileHandle _file;
    private readonly Func<TWorker> _create;
    private readonly CancellationTokenSource _stop;
    private readonly List<TWorker> _workers = [];
    private readonly List<Channel<SegmentCut>> _queues = [];
    private readonly List<Task> _tasks = [];

    /// <param name="create">Makes a worker; first called when the file's header has been walked.</param>
    public SegmentWorkers(SafeFileHandle file, Func<TWorker> create, CancellationToken cancellationToken)
    {
        _file = file;
        _create = create;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Leaves a segment to the worker whose turn it is; waits while that one has many.</summary>
    public async ValueTask AddAsync(SegmentCut cut)
    {
        if (_workers.Count == 0)
        {
            Start(Math.Min(Environment.ProcessorCount, MostWorkers));
        }

        try
        {
            await _queues[cut.Number % _queues.Count].Writer.WriteAsync(cut, _stop.Token);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // What stopped a worker is what there is to tell.
            await Task.WhenAll(_tasks);
            throw;
        }
    }

    /// <summary>Waits for all that were added.</summary>
    /// <returns>The workers; still this object's.</returns>
    public async Task<IReadOnlyList<TWorker>> CompleteAsync()
    {
        _queues.ForEach(queue => queue.Writer.TryComplete());
        await Task.WhenAll(_tasks);
        return _workers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _queues.ForEach(queue => queue.Writer.TryComplete());
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _workers.ForEach(worker => worker.Dispose());
        _stop.Dispose();
    }

    private void Start(int count)
    {
        for (int i = 0; i < count; i++)
        {
            TWorker worker = _create();
            var queue = Channel.CreateBounded<SegmentCut>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
            _workers.Add(worker);
            _queues.Add(queue);
            _tasks.Add(Task.Run(() => WorkAsync(worker, queue), CancellationToken.None));
        }
    }

    private async Task WorkAsync(TWorker worker, Channel<SegmentCut> queue)
    {
        try
        {
            await foreach (SegmentCut cut in queue.Reader.ReadAllAsync(_stop.Token))
            {
                worker.Begin(cut);
                FileReading.Read(_file, cut.OffsetBytes, cut.EndOffsetBytes, worker.Append, _stop.Token);
                worker.End(cut);
            }
        }
        catch
        {
            // The others need not go on, and nobody waits for room any more.
            await _stop.CancelAsync();
            throw;
        }
    }
}
