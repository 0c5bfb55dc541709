namespace CacheBackup.Core.Rdb;

/// <summary>Where in a value a <see cref="ValueWalk"/> stands: what it reads next.</summary>
internal enum ValueStep : byte
{
    /// <summary>Eight bytes before everything else: the earliest expiry of a hash's fields.</summary>
    Head,
    Count,

    /// <summary>One of the parts of an item: see <see cref="ValueWalk.Part"/>.</summary>
    Item,
    ModuleId,
    ModuleMark,
    StreamNodeCount,
    StreamNodeKey,
    StreamNodeEntries,
    StreamLength,
    StreamLastMilliseconds,
    StreamLastSequence,
    StreamFirstMilliseconds,
    StreamFirstSequence,
    StreamMaxDeletedMilliseconds,
    StreamMaxDeletedSequence,
    StreamEntriesAdded,
    StreamGroupCount,
    GroupName,
    GroupLastMilliseconds,
    GroupLastSequence,
    GroupEntriesRead,
    GroupPendingCount,
    PendingId,
    PendingTime,
    PendingDeliveries,
    GroupConsumerCount,
    ConsumerName,
    ConsumerSeenTime,
    ConsumerActiveTime,
    ConsumerPendingCount,
    ConsumerPendingId,
    End,
}
