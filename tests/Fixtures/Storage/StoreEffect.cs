using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>Something that has happened to a store: the <paramref name="Index"/>th effect of that operation, counted from 1.</summary>
public sealed record StoreEffect(StoreOperation Operation, ObjectKey Key, int Index)
{
    /// <summary>The bytes that were put; empty for every other operation.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    public override string ToString() => $"{Operation} {Index} {Key}";
}
