namespace CacheBackup.Local.Tests.Machines;

/// <summary>One task of a machine: what it is called with, how long it may take, what it is retried for.</summary>
/// <param name="Function">The function, with what it is told where several states call it; or a service's action: <c>elasticache:copySnapshot</c>.</param>
internal sealed record TaskContract(string Function, int TimeoutSeconds, string[] Payload, params RetryContract[] Retries)
{
    /// <summary>For an action of a service: the function that finds out what an error of it means. Null: the machine abandons.</summary>
    public string? Refused { get; init; }

    public bool IsService => Function.Contains(':', StringComparison.Ordinal);
}
