namespace CacheBackup.Local.StateMachines.Language;

/// <summary>One entry of <c>Retry</c>.</summary>
internal sealed record Retrier
{
    public required ErrorNames Errors { get; init; }

    public int IntervalSeconds { get; init; } = 1;

    public int MaxAttempts { get; init; } = 3;

    public double BackoffRate { get; init; } = 2.0;

    public int? MaxDelaySeconds { get; init; }

    /// <summary><c>JitterStrategy: FULL</c>: the wait is drawn evenly between nothing and the full delay.</summary>
    public bool HasFullJitter { get; init; }

    /// <param name="attempt">How often this retrier has been used before, from 0.</param>
    /// <param name="random">Between 0 and 1; looked at only with jitter.</param>
    public TimeSpan Delay(int attempt, Func<double> random)
    {
        double seconds = Math.Min(IntervalSeconds * Math.Pow(BackoffRate, attempt), MaxDelaySeconds ?? MaximumSeconds);
        return TimeSpan.FromSeconds(HasFullJitter ? seconds * random() : seconds);
    }

    // A year: Step Functions' own bound on an execution, and on MaxDelaySeconds.
    private const double MaximumSeconds = 31_622_400;
}
