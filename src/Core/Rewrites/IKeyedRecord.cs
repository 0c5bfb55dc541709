namespace CacheBackup.Core.Rewrites;

/// <summary>A small record of fixed size that belongs to a key, told by the key's hash alone.</summary>
internal interface IKeyedRecord
{
    /// <summary>The key's <see cref="Rdb.KeyHash"/>.</summary>
    UInt128 Key { get; }
}
