namespace CacheBackup.Core.Model;

/// <summary>
/// How far one week's sweep through the backups has come: first the backups are looked through, then a share of them is verified, those
/// that nobody has looked at for longest first.
/// </summary>
public sealed record VerifySweep
{
    /// <summary>Monday of the week in UTC, <c>yyyyMMdd</c>.</summary>
    public required string Week { get; init; }

    /// <summary>Of all available backups, in percent, 1–100.</summary>
    public required int SharePercent { get; init; }

    /// <summary>The execution that goes on with it.</summary>
    public required ExecutionId Execution { get; init; }

    /// <summary>How many executions have worked on it, from 1: one of them does not do more than its history holds.</summary>
    public required int Part { get; init; }

    /// <summary>Rounds of this part.</summary>
    public int Rounds { get; init; }

    /// <summary>Where looking through goes on; null: at the beginning, or at its end.</summary>
    public string? Marker { get; init; }

    /// <summary>What was found so far, until the share is chosen; null afterwards.</summary>
    public IReadOnlyList<SweepCandidate>? Candidates { get; init; }

    /// <summary>What is still to be verified, in order; null until the share is chosen.</summary>
    public IReadOnlyList<BackupName>? Queue { get; init; }

    /// <summary>Verifications that were started and whose end was not seen yet.</summary>
    public IReadOnlyList<ExecutionId>? Running { get; init; }

    /// <summary>Verifications that were started.</summary>
    public int Started { get; init; }

    /// <summary>When all of the share was verified; null until then.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Why the last part broke off, where one did.</summary>
    public string? Failure { get; init; }
}
