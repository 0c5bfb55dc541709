namespace CacheBackup.Core.Rdb;

/// <summary>What a <see cref="RdbWriter"/> puts before an entry's key.</summary>
public readonly record struct RdbEntryHead
{
    public required int Database { get; init; }

    /// <summary>Of the file or payload that the value comes from: it decides what the type's number means.</summary>
    public required RdbMagic Magic { get; init; }

    public required RdbType Type { get; init; }

    /// <summary>Absolute, since 1970 in UTC; null: never.</summary>
    public long? ExpireAtMilliseconds { get; init; }

    /// <summary>Since the last access; not negative.</summary>
    public long? IdleSeconds { get; init; }

    /// <summary>The server's access counter.</summary>
    public byte? Frequency { get; init; }

    /// <summary>The head of an entry that was read.</summary>
    public static RdbEntryHead Of(in RdbEntryStart entry, RdbMagic magic) => new()
    {
        Database = entry.Database,
        Magic = magic,
        Type = entry.Type,
        ExpireAtMilliseconds = entry.ExpireAtMilliseconds,
        IdleSeconds = entry.IdleSeconds,
        Frequency = entry.Frequency,
    };
}
