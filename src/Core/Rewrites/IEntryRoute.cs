using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>Says where an entry goes. Asked about the same entry twice it says the same.</summary>
public interface IEntryRoute
{
    /// <summary>How many files are written.</summary>
    int Outputs { get; }

    /// <summary>Whether all keys of a cluster slot go to one output, so that hints about slots stay true.</summary>
    bool KeepsSlots { get; }

    /// <summary>The number of the output, from 0; null: the entry is left out.</summary>
    /// <exception cref="RewriteRefusedException">An entry like this has no place in the outputs.</exception>
    int? Of(in RdbEntryStart entry, ReadOnlySpan<byte> key);

    /// <summary>The output of all keys of a slot; null: it has none.</summary>
    int? OfSlot(int slot);
}
