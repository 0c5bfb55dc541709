using System.Buffers;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>
/// Reads a journal from its beginning. A tail that was being written when the host or the machine ended is left out; anything else that
/// is not whole is damage.
/// </summary>
internal sealed class JournalReader(string path)
{
    private const int ReadSize = 64 * 1024;

    /// <summary>Up to where the journal is whole, in bytes; known once all events were read.</summary>
    public long WholeLength { get; private set; }

    /// <summary>
    /// What is wrong, if a line that is not whole is followed by one that is: then it was not being written last. Known once all events
    /// were read.
    /// </summary>
    public string? Damage { get; private set; }

    /// <summary>The events in order, one at a time: a history may be far larger than memory should be.</summary>
    public IEnumerable<HistoryEvent> Read()
    {
        using FileStream file = DurableFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            int held = 0;
            long lastId = 0;
            bool isBroken = false;
            while (true)
            {
                buffer = MakeRoom(buffer, held);
                int read = file.Read(buffer, held, buffer.Length - held);
                held += read;
                int used = 0;
                while (buffer.AsSpan(used, held - used).IndexOf((byte)'\n') is var length and >= 0)
                {
                    HistoryEvent? entry = JournalLine.TryDecode(buffer.AsSpan(used, length));
                    used += length + 1;
                    if (entry is null)
                    {
                        isBroken = true;
                    }
                    else if (isBroken || entry.Id != lastId + 1)
                    {
                        Damage = $"event {lastId + 1} is damaged or missing while event {entry.Id} is there";
                        yield break;
                    }
                    else
                    {
                        lastId = entry.Id;
                        WholeLength += length + 1;
                        yield return entry;
                    }
                }

                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
                if (read == 0)
                {
                    yield break;
                }

                if (held > JournalLine.MaximumBytes)
                {
                    // No event is that long. What follows cannot be told from it.
                    Damage = $"after event {lastId} stand more than {JournalLine.MaximumBytes} bytes without an end of line";
                    yield break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] MakeRoom(byte[] buffer, int held)
    {
        if (held < buffer.Length)
        {
            return buffer;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
