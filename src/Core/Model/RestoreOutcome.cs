namespace CacheBackup.Core.Model;

/// <summary>
/// What a complete restore did, key by key: <c>Restored + Expired + LeftOut + Refused + Lost = Total</c>, and every restored key was read back; unless
/// <see cref="NotCompared"/> says that nothing was.
/// </summary>
public sealed record RestoreOutcome
{
    public required long Total { get; init; }

    public required long Restored { get; init; }

    /// <summary>Keys whose time had come before they could be written or read back.</summary>
    public required long Expired { get; init; }

    /// <summary>Keys that the selection does not take; null: the whole backup was restored.</summary>
    public long? LeftOut { get; init; }

    /// <summary>Keys whose values the target cannot hold, which were left out on the user's word; null: none.</summary>
    public long? Refused { get; init; }

    /// <summary>Keys in damaged parts of the backup, which were passed over on the user's word; null: none.</summary>
    public long? Lost { get; init; }

    public required long Compared { get; init; }

    /// <summary>
    /// Why nothing was read back: ElastiCache loaded the backup's files, and the new cache could not be reached. The counts of keys are then
    /// zero, save for <see cref="Total"/>: nothing is known of them. Null: every key was compared.
    /// </summary>
    public string? NotCompared { get; init; }

    public required int FunctionLibraries { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}
