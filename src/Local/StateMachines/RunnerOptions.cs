using System.Security.Cryptography;

namespace CacheBackup.Local.StateMachines;

/// <summary>What the runner works with. All that is not exact is injected: time, randomness and ids.</summary>
public sealed record RunnerOptions
{
    /// <summary>Runs the functions.</summary>
    public required ITaskInvoker Invoker { get; init; }

    /// <summary>Serves the <c>aws-sdk:*</c> tasks; none by default.</summary>
    public IServiceIntegration Services { get; init; } = new NoServiceIntegration();

    /// <summary>Wait, the delays of Retry, and every time-out run on it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Evenly from 0 to 1, for <c>JitterStrategy: FULL</c>. Called from many threads.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>For <c>States.UUID()</c>: version 4. Called from many threads.</summary>
    public Func<Guid> NewUuid { get; init; } = RandomUuid;

    /// <summary>
    /// How long a cancelled task may take to end before the execution goes on without it: 10 s. A task that minds its token is never
    /// overtaken by its own retry.
    /// </summary>
    public TimeSpan CancellationGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often one attempt of a task may be cut off by the end of the process before it counts as failed with
    /// <c>Runtime.ExitError</c>: 5. A task that takes the host down with it does not do so for ever.
    /// </summary>
    public int MaximumRestarts { get; init; } = 5;

    /// <summary>How many iterations of a Map without MaxConcurrency run at once: 40, as Step Functions documents for an inline Map.</summary>
    public int DefaultConcurrency { get; init; } = 40;

    private static Guid RandomUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
