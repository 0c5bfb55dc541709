namespace CacheBackup.Local.Tests.Machines;

/// <summary>One task of a machine: what it is called with, how long it may take, what it is retried for.</summary>
internal sealed record TaskContract(string Function, int TimeoutSeconds, string[] Payload, params RetryContract[] Retries)
{
    /// <summary>Its machine goes on without it, whatever it fails of.</summary>
    public bool MayFail { get; init; }

    /// <summary>Errors after which its machine goes on and succeeds all the same.</summary>
    public string[] Forgives { get; init; } = [];

    /// <summary>What the machine has waited for before it comes to this task, on the good path.</summary>
    public TimeSpan After { get; init; }
}
