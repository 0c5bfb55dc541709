namespace CacheBackup.Core.Rdb;

/// <summary>
/// What a <see cref="RdbReader"/> tells as it walks, in the order of the file. Every method does nothing until it is overridden. Spans are valid
/// only during the call. Offsets count from the start of the file.
/// </summary>
public abstract class RdbHandler
{
    public virtual void OnHeader(RdbVersion version)
    {
    }

    public virtual void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
    }

    /// <summary>A function library: its source code, and where its opcode stands.</summary>
    public virtual void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
    }

    public virtual void OnSelectDatabase(int database)
    {
    }

    /// <summary>The server's hint of how many keys follow; not a promise.</summary>
    public virtual void OnResize(long keys, long expiringKeys)
    {
    }

    /// <summary>The server's hint about a cluster slot; not a promise.</summary>
    public virtual void OnSlotInfo(long slot, long keys, long expiringKeys)
    {
    }

    /// <summary>A slot import was under way when the file was written: keys of slots that the shard does not own may follow.</summary>
    public virtual void OnSlotImport(long offsetBytes)
    {
    }

    /// <summary>Data that a module keeps outside of keys.</summary>
    public virtual void OnModuleAuxiliary(RdbModule module, long offsetBytes)
    {
    }

    /// <summary>An entry begins. <paramref name="key"/> is the key as a client knows it: numbers and compressed keys are expanded.</summary>
    public virtual void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
    }

    /// <summary>
    /// Bytes of the value as stored, without the type byte. The fragments of an entry, put together, between a type byte and a
    /// footer are a DUMP payload. A value that lies whole inside one chunk comes as one fragment. Fragments are never empty.
    /// </summary>
    public virtual void OnValue(ReadOnlySpan<byte> fragment)
    {
    }

    public virtual void OnEntryEnd(in RdbEntryEnd end)
    {
    }

    /// <summary>The end opcode. The checksum is judged by <see cref="RdbReader.Complete()"/>.</summary>
    public virtual void OnEnd(long offsetBytes)
    {
    }
}
