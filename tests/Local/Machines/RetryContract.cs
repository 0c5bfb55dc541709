namespace CacheBackup.Local.Tests.Machines;

/// <summary>What a task must be retried for, and how: the promise, written down apart from the machines that keep it.</summary>
/// <param name="Errors">Every error that is retried under this count.</param>
internal sealed record RetryContract(string[] Errors, int IntervalSeconds, int Attempts, int MaxDelaySeconds)
{
    private const double Backoff = 2;

    private static readonly string[] Passing =
    [
        "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException",
        "StoreUnavailableException",
    ];

    public static RetryContract Transient { get; } = new(Passing, 1, 6, 30);

    /// <summary>No room, or a function that wakes: passes by itself, but in minutes.</summary>
    public static RetryContract Capacity { get; } = new(["Lambda.TooManyRequestsException", "Lambda.ResourceNotReadyException"], 2, 40, 60);

    /// <summary>A call that died, or ran out of time. It may die of its work: it is not begun for ever.</summary>
    public static RetryContract Died { get; } =
        new(["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout", "OutOfTimeException"], 5, 2, 20);

    /// <summary>A request to ElastiCache that may be repeated, because a function looks at what came of it.</summary>
    public static RetryContract Asking { get; } = new(["States.TaskFailed", "ElastiCache.AnyErrorException"], 2, 3, 20);

    public static RetryContract Abandon { get; } = new(Passing, 1, 8, 60);

    public static RetryContract Transfer { get; } = new(["TransferCutException", "TransferStalledException"], 2, 3, 20);

    /// <summary>A node that is restarted or replaced is away for minutes, and what was taken of it is worth waiting for.</summary>
    public static RetryContract Away { get; } = new(["CacheUnreachableException"], 2, 8, 60);

    public static RetryContract Connection { get; } = new(["CacheUnreachableException"], 2, 3, 20);

    public static RetryContract Loading { get; } = new(["CacheLoadingException"], 5, 20, 60);

    public static RetryContract Unsettled { get; } = new(["ClusterUnsettledException"], 5, 8, 60);

    public static RetryContract SourceBusy { get; } = new(["ManagedSourceBusyException"], 15, 20, 60);

    /// <summary>All waits together, without jitter.</summary>
    public TimeSpan Waits => TimeSpan.FromSeconds(
        Enumerable.Range(0, Attempts).Sum(attempt => Math.Min(IntervalSeconds * Math.Pow(Backoff, attempt), MaxDelaySeconds)));
}
