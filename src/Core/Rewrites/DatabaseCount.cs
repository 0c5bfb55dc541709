namespace CacheBackup.Core.Rewrites;

/// <summary>Keys of one database in one output.</summary>
internal sealed class DatabaseCount
{
    public long Keys { get; set; }

    public long KeysWithExpiry { get; set; }
}
