using CacheBackup.Core.Resp;

namespace CacheBackup.Local.Demo;

/// <summary>
/// Streams with all that they may carry: several groups and consumers, pending entries with their times and counts, entries that were deleted
/// while pending, trimmed beginnings, and streams that were emptied but remember their last id.
/// </summary>
internal static class DemoStreams
{
    private const long FirstMilliseconds = 1_700_000_000_000;

    /// <summary>One large stream that nothing is trimmed from, with its groups.</summary>
    public static void WriteLarge(CommandPipe pipe, byte[] key, Random random, int entries)
    {
        Add(pipe, key, random, entries);
        Group(pipe, key, "billing", entries / 2, "alice", "bob");
        Group(pipe, key, "audit", 10, "alice", "carol");
    }

    public static void Write(CommandPipe pipe, byte[] key, Random random, int entries)
    {
        Add(pipe, key, random, entries);
        if (random.Next(3) > 0)
        {
            Group(pipe, key, "billing", entries / 2, "alice", "bob");
        }

        if (random.Next(4) == 0)
        {
            pipe.Write(new RespCommand("XGROUP CREATE", key, "unread", "$"));
            pipe.Write(new RespCommand("XGROUP CREATECONSUMER", key, "unread", "idle"));
        }

        switch (random.Next(6))
        {
            case 0:
                pipe.Write(new RespCommand("XTRIM", key, "MAXLEN", entries / 2));
                break;
            case 1 when entries > 2:
                // One of them pending for somebody.
                pipe.Write(new RespCommand("XDEL", key, Id(0), Id(entries - 1)));
                break;
            case 2:
                pipe.Write(new RespCommand("XTRIM", key, "MAXLEN", 0));
                break;
        }
    }

    private static void Add(CommandPipe pipe, byte[] key, Random random, int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            // Most entries have the same fields, which servers store once; some have others.
            RespCommand add = i % 7 == 3
                ? new RespCommand("XADD", key, Id(i), "event", "other", $"extra-{i}", DemoText.Binary(random, 10))
                : new RespCommand("XADD", key, Id(i), "event", DemoText.Word(random, 8), "amount", random.Next(10_000));
            pipe.Write(add);
        }
    }

    /// <summary>A group that has read some entries; two consumers have not acknowledged theirs.</summary>
    private static void Group(CommandPipe pipe, byte[] key, string name, int read, string firstConsumer, string secondConsumer)
    {
        pipe.Write(new RespCommand("XGROUP CREATE", key, name, "0"));
        int first = (read + 1) / 2;
        Read(pipe, key, name, firstConsumer, 0, first);
        Read(pipe, key, name, secondConsumer, first, read - first);
    }

    private static void Read(CommandPipe pipe, byte[] key, string group, string consumer, int from, int count)
    {
        if (count == 0)
        {
            return;
        }

        pipe.Write(new RespCommand("XREADGROUP", "GROUP", group, consumer, "COUNT", count, "STREAMS", key, ">"));
        for (int i = from; i < from + count; i++)
        {
            // A stated time and count instead of the moment of reading: the same data whenever they are made.
            pipe.Write(i % 4 == 2
                ? new RespCommand("XACK", key, group, Id(i))
                : new RespCommand(
                    "XCLAIM", key, group, consumer, 0, Id(i), "TIME", FirstMilliseconds + (i * 977), "RETRYCOUNT", 1 + (i % 5), "JUSTID"));
        }
    }

    private static string Id(int i) => System.FormattableString.Invariant($"{FirstMilliseconds + (i / 3 * 1_009)}-{i % 3}");
}
