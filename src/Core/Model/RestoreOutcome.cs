namespace CacheBackup.Core.Model;

/// <summary>What a complete restore did, key by key: <c>Restored + Expired + LeftOut + Lost = Total</c>, and every restored key was read back.</summary>
public sealed record RestoreOutcome
{
    public required long Total { get; init; }

    public required long Restored { get; init; }

    /// <summary>Keys whose time had come before they could be written or read back.</summary>
    public required long Expired { get; init; }

    /// <summary>Keys that the selection does not take; null: the whole backup was restored.</summary>
    public long? LeftOut { get; init; }

    /// <summary>Keys in damaged parts of the backup, which were passed over on the user's word; null: none.</summary>
    public long? Lost { get; init; }

    public required long Compared { get; init; }

    public required int FunctionLibraries { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}
