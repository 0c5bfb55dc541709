using Amazon.Lambda.Core;

namespace CacheBackup.Functions;

/// <summary>The time that a function has, as a token.</summary>
internal sealed class Deadline : IDisposable
{
    /// <summary>Kept back, so that a run that is cut off can still say why and give its upload up.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    /// <summary>Kept back by work that another call goes on with, so that it can end in order: the store's slowest answer fits in.</summary>
    private static readonly TimeSpan SliceReserve = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _either;

    private Deadline(TimeSpan left, TimeSpan? slice, TimeProvider time, CancellationToken stopping)
    {
        _time = new CancellationTokenSource(Positive(left - Reserve), time);
        TimeSpan usual = Positive(left - SliceReserve);
        _ending = new CancellationTokenSource(slice < usual ? slice.Value : usual, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, stopping);
    }

    /// <summary>Cancelled a little before Lambda would stop the function, or when the host stops it.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Cancelled before <see cref="Token"/>, by the time alone: what can go on in another call leaves off here.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <param name="slice">Work that can go on in another call leaves off after this, if that is sooner; null: when the time is up.</param>
    public static Deadline Of(ILambdaContext context, TimeProvider time, TimeSpan? slice = null)
    {
        CancellationToken stopping = context is IStoppableContext stoppable ? stoppable.Stopping : CancellationToken.None;
        return new Deadline(context.RemainingTime, slice, time, stopping);
    }

    /// <summary>True if <see cref="Token"/> was cancelled for time, and not because the host stops.</summary>
    public static bool HasPassed(ILambdaContext context) =>
        context.RemainingTime <= Reserve && context is not IStoppableContext { Stopping.IsCancellationRequested: true };

    public void Dispose()
    {
        _either.Dispose();
        _ending.Dispose();
        _time.Dispose();
    }

    private static TimeSpan Positive(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
