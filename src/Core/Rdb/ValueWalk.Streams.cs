namespace CacheBackup.Core.Rdb;

/// <content>Streams: nodes of entries, counters, and groups with pending entries and consumers.</content>
internal partial struct ValueWalk
{
    private const int StreamIdBytes = 16;
    private const int TimeBytes = 8;

    private bool AdvanceStream<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        switch (Step)
        {
            case ValueStep.StreamNodeKey or ValueStep.StreamNodeEntries or ValueStep.GroupName or ValueStep.ConsumerName:
                if (!ReadText(ref window, ref visitor))
                {
                    return false;
                }

                AfterStreamText();
                return true;
            case ValueStep.StreamNodeCount:
                if (!ReadCount(ref window, ref visitor, out _itemsLeft))
                {
                    return false;
                }

                ItemCount = _itemsLeft;
                Step = _itemsLeft > 0 ? ValueStep.StreamNodeKey : ValueStep.StreamLength;
                return true;
            case ValueStep.StreamGroupCount:
                if (!ReadCount(ref window, ref visitor, out _groupsLeft))
                {
                    return false;
                }

                Step = _groupsLeft > 0 ? ValueStep.GroupName : ValueStep.End;
                return true;
            case >= ValueStep.GroupPendingCount:
                return AdvancePending(ref window, ref visitor);
            default:
                return AdvanceStreamNumber(ref window, ref visitor);
        }
    }

    /// <summary>The plain numbers of a stream and of a group: each is followed by the next step.</summary>
    private bool AdvanceStreamNumber<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        if (!ReadNumber(ref window, ref visitor))
        {
            return false;
        }

        Step = Step switch
        {
            ValueStep.StreamLastSequence when !_hasStreamCounters => ValueStep.StreamGroupCount,
            ValueStep.GroupLastSequence when !_hasStreamCounters => ValueStep.GroupPendingCount,
            _ => Step + 1,
        };
        return true;
    }

    private void AfterStreamText() => Step = Step switch
    {
        ValueStep.StreamNodeKey => ValueStep.StreamNodeEntries,
        ValueStep.StreamNodeEntries => --_itemsLeft > 0 ? ValueStep.StreamNodeKey : ValueStep.StreamLength,
        _ => Step + 1,
    };

    private bool AdvancePending<TVisitor>(ref ByteWindow window, ref TVisitor visitor)
        where TVisitor : struct, IValueVisitor
    {
        switch (Step)
        {
            case ValueStep.GroupPendingCount:
                if (!ReadCount(ref window, ref visitor, out _pendingLeft))
                {
                    return false;
                }

                Step = _pendingLeft > 0 ? ValueStep.PendingId : ValueStep.GroupConsumerCount;
                return true;
            case ValueStep.PendingId:
                return ReadFixed(ref window, ref visitor, StreamIdBytes) && Then(ValueStep.PendingTime);
            case ValueStep.PendingTime:
                return ReadFixed(ref window, ref visitor, TimeBytes) && Then(ValueStep.PendingDeliveries);
            case ValueStep.PendingDeliveries:
                return ReadNumber(ref window, ref visitor)
                    && Then(--_pendingLeft > 0 ? ValueStep.PendingId : ValueStep.GroupConsumerCount);
            case ValueStep.GroupConsumerCount:
                return ReadCount(ref window, ref visitor, out _consumersLeft)
                    && Then(_consumersLeft > 0 ? ValueStep.ConsumerName : AfterGroup());
            case ValueStep.ConsumerSeenTime:
                return ReadFixed(ref window, ref visitor, TimeBytes)
                    && Then(_hasActiveTime ? ValueStep.ConsumerActiveTime : ValueStep.ConsumerPendingCount);
            case ValueStep.ConsumerActiveTime:
                return ReadFixed(ref window, ref visitor, TimeBytes) && Then(ValueStep.ConsumerPendingCount);
            case ValueStep.ConsumerPendingCount:
                return ReadCount(ref window, ref visitor, out _pendingLeft)
                    && Then(_pendingLeft > 0 ? ValueStep.ConsumerPendingId : AfterConsumer());
            default:
                return ReadFixed(ref window, ref visitor, StreamIdBytes)
                    && Then(--_pendingLeft > 0 ? ValueStep.ConsumerPendingId : AfterConsumer());
        }
    }

    private bool Then(ValueStep next)
    {
        Step = next;
        return true;
    }

    private ValueStep AfterConsumer() => --_consumersLeft > 0 ? ValueStep.ConsumerName : AfterGroup();

    private ValueStep AfterGroup() => --_groupsLeft > 0 ? ValueStep.GroupName : ValueStep.End;
}
