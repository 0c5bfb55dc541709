using Amazon.Lambda.Core;

namespace CacheBackup.Functions;

/// <summary>The time that a function has, as a token.</summary>
internal static class Deadline
{
    /// <summary>Kept back, so that a run that is cut off can still say why and give its upload up.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(5);

    /// <summary>Cancelled a little before Lambda would stop the function. The caller disposes it.</summary>
    public static CancellationTokenSource Of(ILambdaContext context, TimeProvider time)
    {
        TimeSpan left = context.RemainingTime - Reserve;
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }
}
