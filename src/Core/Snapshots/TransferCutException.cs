namespace CacheBackup.Core.Snapshots;

/// <summary>The transfer ended before its end mark; nothing of it counts.</summary>
public sealed class TransferCutException(string message, Exception? innerException = null) : TransientException(message, innerException)
{
    /// <summary>The cache's data were exchanged: what the slices before have taken counts for nothing either, and the next one begins anew.</summary>
    public bool IsOfExchangedData { get; init; }
}
