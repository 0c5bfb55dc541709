using System.Buffers;
using CacheBackup.Core.Resp;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Fuzz.Targets;

/// <summary>Replies of a server. However they arrive, they are the same replies, and are refused for the same reason or none.</summary>
internal static class ReplyTarget
{
    /// <summary>Small, so that inputs reach them.</summary>
    private static readonly RespLimits Limits = new() { LineBytes = 60, ReplyBytes = 300, Elements = 20, Depth = 3 };

    public static void Run(byte[] input)
    {
        var whole = Read(input, []);
        foreach (int[] cuts in Cuts.Of(input))
        {
            var cut = Read(input, cuts);
            Promise.Keep(cut.Value == whole.Value, "Cut, they are other replies");
            Promise.Keep(cut.Error is null == whole.Error is null, $"Cut, they fail otherwise: {cut.Error}; {whole.Error}");
        }
    }

    private static (UInt128 Value, string? Error) Read(byte[] input, int[] cuts)
    {
        var told = new Fingerprint();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new RespReplyReader(Limits);
        byte[] rest = [];
        try
        {
            Cuts.Feed(input, cuts, chunk =>
            {
                var buffer = new ReadOnlySequence<byte>([.. rest, .. chunk]);
                while (reader.TryRead(ref buffer, out var reply))
                {
                    Tell(told, reply);
                }

                rest = buffer.ToArray();
            });
        }
        catch (RespFormatException e)
        {
            return (told.Value, e.Message);
        }

        // What is not a whole line is offered again with each chunk.
        Promise.KeepMemory(input.Length * (cuts.Length + 1), before);
        return (told.Value, null);
    }

    private static void Tell(Fingerprint told, in RespReply reply)
    {
        told.Call((long)reply.Kind, reply.TryGetNumber(out long number) ? number : 0);
        if (reply.TryGetBytes(out var bytes))
        {
            told.Text(1, bytes.Span);
        }

        if (reply.TryGetError(out var error))
        {
            told.Text(2, System.Text.Encoding.UTF8.GetBytes(error.Message.Reveal()));
        }

        if (reply.TryGetItems(out var items))
        {
            told.Call(3, items.Length);
            foreach (var item in items.Span)
            {
                Tell(told, item);
            }
        }
    }
}
