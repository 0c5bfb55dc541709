namespace CacheBackup.Local.Tests.Machines;

/// <summary>One task of a machine: what it is called with, how long it may take, what it is retried for.</summary>
/// <param name="Function">The function, with what it is told where several states call it; or a service's action: <c>elasticache:copySnapshot</c>.</param>
internal sealed record TaskContract(string Function, int TimeoutSeconds, string[] Payload, params RetryContract[] Retries)
{
    /// <summary>A function that is retried at all is waited for until it has room too, and is called again where its call died.</summary>
    public RetryContract[] Retries { get; } = Retries is [] || IsAction(Function) ? Retries : [RetryContract.Capacity, .. Retries, RetryContract.Died];

    /// <summary>How often a function is called that never answers, and how long that takes.</summary>
    public (int Calls, TimeSpan Time) Silence
    {
        get
        {
            int calls = 1 + RetryContract.Died.Attempts;
            return (calls, (calls * TimeSpan.FromSeconds(TimeoutSeconds)) + RetryContract.Died.Waits);
        }
    }

    /// <summary>For an action of a service: the function that finds out what an error of it means. Null: the machine abandons.</summary>
    public string? Refused { get; init; }

    public bool IsService => IsAction(Function);

    /// <summary>Its machine goes on without it, whatever it fails of.</summary>
    public bool MayFail { get; init; }

    /// <summary>Errors after which its machine goes on and succeeds all the same.</summary>
    public string[] Forgives { get; init; } = [];

    /// <summary>What the machine has waited for before it comes to this task, on the good path.</summary>
    public TimeSpan After { get; init; }

    private static bool IsAction(string function) => function.Contains(':', StringComparison.Ordinal);
}
