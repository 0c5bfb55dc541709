namespace CacheBackup.Local.Tests.Machines;

/// <summary>One task of a machine: what it is called with, how long it may take, what it is retried for.</summary>
internal sealed record TaskContract(string Function, int TimeoutSeconds, string[] Payload, params RetryContract[] Retries);
