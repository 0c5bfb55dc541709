using System.Collections.Concurrent;
using CacheBackup.Core;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Works ranges off over several connections to one server process, or to all primaries of a cluster each. A connection that is lost, or a target that is busy for a while, costs the
/// range at work another attempt, over a new connection to the same process: one that was started again may have lost what it held.
/// </summary>
internal sealed class TargetConnections(Func<CancellationToken, Task<IRestoreTarget>> connect, string runId, TimeProvider time)
{
    private readonly Func<CancellationToken, Task<IRestoreTarget>> _connect = connect;
    private readonly string _runId = runId;

    /// <summary>Attempts at one range before the restore ends, the first included.</summary>
    public const int Attempts = 5;

    /// <summary>Before the second attempt; twice as long before each that follows: 15 seconds in all.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>Each connection takes the next range whenever it is free. The first failure that stays one stops all.</summary>
    /// <param name="work">Does one range. Repeating it must be harmless.</param>
    public async Task RunAsync(
        IReadOnlyList<RestoreWork> ranges,
        int connections,
        ProgressPhase progress,
        Func<RestoreWork, IRestoreTarget, IProgress<TransferProgress>, CancellationToken, Task> work,
        CancellationToken cancellationToken)
    {
        ConcurrentQueue<RestoreWork> queue = new(ranges);
        await Parallel.ForAsync(
            0,
            Math.Min(connections, ranges.Count),
            new ParallelOptions { MaxDegreeOfParallelism = RestorePlan.MaxLanes, CancellationToken = cancellationToken },
            async (lane, token) =>
            {
                LaneProgress reached = new(progress.Lane(lane));
                await using Held held = new(this);
                while (queue.TryDequeue(out RestoreWork? range))
                {
                    await AttemptAsync(held, async () => await work(range, await held.GetAsync(token), reached, token), token);
                    reached.Next();
                }
            });
    }

    private async Task AttemptAsync(Held held, Func<Task> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await work();
                return;
            }
            catch (TransientException) when (attempt < Attempts)
            {
                await held.DropAsync();
            }

            await Task.Delay(FirstPause * (1 << (attempt - 1)), time, cancellationToken);
        }
    }

    /// <summary>One connection at a time, opened when it is needed.</summary>
    private sealed class Held(TargetConnections connections) : IAsyncDisposable
    {
        private IRestoreTarget? _target;
        private bool _wasLost;

        /// <exception cref="RestoreMismatchException">Another process answers there now.</exception>
        public async Task<IRestoreTarget> GetAsync(CancellationToken cancellationToken)
        {
            _target ??= await connections._connect(cancellationToken);
            if (_wasLost && (await _target.DescribeAsync(cancellationToken)).RunId != connections._runId)
            {
                throw new RestoreMismatchException(
                    "The cache was started again while it was filled: what it holds of the restore is unknown. Empty it, remove the journal, and restore anew.");
            }

            _wasLost = false;
            return _target;
        }

        public async ValueTask DropAsync()
        {
            await DisposeAsync();
            _target = null;
            _wasLost = true;
        }

        public ValueTask DisposeAsync() => _target?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
