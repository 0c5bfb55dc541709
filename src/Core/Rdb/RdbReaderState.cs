namespace CacheBackup.Core.Rdb;

/// <summary>What a <see cref="RdbReader"/> reads next.</summary>
internal enum RdbReaderState : byte
{
    Header,

    /// <summary>An opcode with its operands, or a type with the head of its key.</summary>
    Item,

    /// <summary>The rest of a string that is held whole: a key, a library, an auxiliary field.</summary>
    Text,
    AuxiliaryValue,
    Value,
    ModuleData,
    SlotRangeCount,
    SlotRange,
    Footer,
    End,

    /// <summary>Not a state: the one before goes on when more bytes have come.</summary>
    NeedsMore,

    /// <summary>An error was met, here or in the handler.</summary>
    Failed,
}
