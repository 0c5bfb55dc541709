namespace CacheBackup.Fixtures.Storage;

/// <summary>
/// A fault of the <paramref name="CallIndex"/>th call of an operation, counted from 1; null: of every one. The same call fails once.
/// </summary>
public sealed record StoreFault(StoreOperation Operation, int? CallIndex, StoreFaultKind Kind)
{
    public static IReadOnlyList<StoreFault> Always(StoreOperation operation, StoreFaultKind kind) => [new(operation, null, kind)];
}
