using System.Buffers;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Resp;
using CsCheck;

namespace CacheBackup.Core.Tests.Resp;

public sealed class RespReplyReaderTests
{
    /// <summary>Wire text, and what it means in the notation of <see cref="Show"/>.</summary>
    public static TheoryData<string, string> Replies => new()
    {
        { "+OK\r\n", "+OK" },
        { "+\r\n", "+" },
        { "+a longer line with spaces\r\n", "+a longer line with spaces" },
        { "-ERR something\r\n", "-ERR" },
        { "-NOPERM no rights for 'psync'\r\n", "-NOPERM" },
        { "-lower case\r\n", "-?" },
        { ":0\r\n", ":0" },
        { ":-9223372036854775808\r\n", ":-9223372036854775808" },
        { ":9223372036854775807\r\n", ":9223372036854775807" },
        { "$0\r\n\r\n", "$" },
        { "$-1\r\n", "nil" },
        { "$5\r\nab\r\nc\r\n", "$ab\r\nc" },
        { "*0\r\n", "[]" },
        { "*-1\r\n", "nil" },
        { "*3\r\n:1\r\n$-1\r\n+x\r\n", "[:1 nil +x]" },
        { "*2\r\n*2\r\n$1\r\na\r\n*0\r\n*1\r\n-ERR in here\r\n", "[[$a []] [-ERR]]" },
        { "*1\r\n*1\r\n*1\r\n$2\r\n\r\n\r\n", "[[[$\r\n]]]" },
    };

    public static TheoryData<string> Malformed =>
    [
        "\r\n", "OK\r\n", "\n+OK\r\n", ":\r\n", ":1x\r\n", ": 1\r\n", ":9223372036854775808\r\n",
        "$\r\n", "$-2\r\n", "$+1\r\na\r\n", "$1 \r\na\r\n", "$-0\r\n", "$1\r\nab\r\n", "$1\r\na\n\r\n", "$99999999999999999999\r\n",
        "*\r\n", "*-2\r\n", "*1\r\n\r\n", "%1\r\n", "_\r\n", "#t\r\n", ">1\r\n",
    ];

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_reads_the_same_however_it_arrives(string wire, string meaning)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(wire);
        foreach (Fragments.Arrival arrival in Fragments.Of(bytes))
        {
            var reader = new RespReplyReader(RespLimits.Default);
            (RespReply reply, long left) = Assert.Single(ReadAll(reader, arrival));
            Assert.Equal((arrival.Name, meaning, (long)arrival.Surplus), (arrival.Name, Show(reply), left));
            Assert.False(reader.IsMidReply);
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_that_is_cut_anywhere_is_no_reply(string wire, string meaning)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(wire);
        for (int length = 0; length < bytes.Length; length++)
        {
            var reader = new RespReplyReader(RespLimits.Default);
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(reader.TryRead(ref buffer, out RespReply reply), $"{meaning} was read from {length} of {bytes.Length} bytes as {reply}.");
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_reply_is_refused(string wire)
    {
        var reader = new RespReplyReader(RespLimits.Default);
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(wire));
        Assert.Throws<RespFormatException>(() => reader.TryRead(ref buffer, out _));
    }

    [Fact]
    public void Replies_follow_each_other_in_one_buffer()
    {
        byte[] all = [.. Replies.SelectMany(row => Encoding.Latin1.GetBytes(row.Data.Item1))];
        foreach (int piece in (int[])[1, 2, 3, 7, 64, all.Length])
        {
            var reader = new RespReplyReader(RespLimits.Default);
            IReadOnlyList<ReadOnlySequence<byte>> pieces = [.. all.Chunk(piece).Select(c => new ReadOnlySequence<byte>(c))];
            IEnumerable<string> read = ReadAll(reader, new Fragments.Arrival($"pieces of {piece}", pieces, 0)).Select(r => Show(r.Reply));
            Assert.Equal(Replies.Select(row => row.Data.Item2), read);
        }
    }

    [Fact]
    public void Limits_hold_before_anything_is_allocated()
    {
        var limits = new RespLimits { LineBytes = 100, ReplyBytes = 1000, Elements = 10, Depth = 2 };
        Refuses(limits, "$1001\r\n");
        Refuses(limits, "*2\r\n$600\r\n" + new string('x', 600) + "\r\n$401\r\n");
        Refuses(limits, "*11\r\n");
        Refuses(limits, "*2\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n*5\r\n");
        Refuses(limits, "*1\r\n*1\r\n*1\r\n");
        Refuses(limits, "+" + new string('x', 100) + "\r\n");
        Refuses(limits, "+" + new string('x', 101));
        Accepts(limits, "*2\r\n$600\r\n" + new string('x', 600) + "\r\n$400\r\n" + new string('x', 400) + "\r\n");
        Accepts(limits, "*2\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n");
        Accepts(limits, "+" + new string('x', 99) + "\r\n");
    }

    [Fact]
    public void A_line_of_just_the_limit_is_taken_wherever_it_is_cut()
    {
        var limits = new RespLimits { LineBytes = 10 };
        byte[] bytes = "+123456789\r\n"u8.ToArray();
        foreach (Fragments.Arrival arrival in Fragments.Of(bytes))
        {
            (RespReply reply, _) = Assert.Single(ReadAll(new RespReplyReader(limits), arrival));
            Assert.Equal("+123456789", Show(reply));
        }

        Refuses(limits, "+1234567890");
        Refuses(limits, "+1234567890\r");
        Refuses(limits, "+12345678\r+\r");
    }

    [Fact]
    public void Limits_count_each_reply_anew()
    {
        var reader = new RespReplyReader(new RespLimits { ReplyBytes = 10, Elements = 1 });
        for (int i = 0; i < 5; i++)
        {
            var buffer = new ReadOnlySequence<byte>("*1\r\n$10\r\n0123456789\r\n"u8.ToArray());
            Assert.True(reader.TryRead(ref buffer, out _));
        }
    }

    [Fact]
    public void An_announced_length_allocates_nothing_until_bytes_come()
    {
        var reader = new RespReplyReader(new RespLimits { ReplyBytes = 2_000_000_000, Elements = 100_000_000 });
        var buffer = new ReadOnlySequence<byte>("*100000000\r\n$2000000000\r\nab"u8.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(reader.TryRead(ref buffer, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Assert.True(buffer.IsEmpty);
        Assert.True(reader.IsMidReply);
    }

    [Fact]
    public void A_bulk_head_is_read_apart_from_its_body()
    {
        byte[] bytes = "$3000000000\r\nab"u8.ToArray();
        var reader = new RespReplyReader(RespLimits.Default);
        for (int length = 0; length < bytes.Length - 2; length++)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(reader.TryReadBulkHead(ref part, out _, out bool isOther));
            Assert.False(isOther);
            Assert.Equal(length, part.Length);
        }

        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(reader.TryReadBulkHead(ref buffer, out long lengthBytes, out _));
        Assert.Equal(3_000_000_000, lengthBytes);
        Assert.Equal("ab"u8.ToArray(), buffer.ToArray());
    }

    [Theory]
    [InlineData("$-1\r\n", "nil")]
    [InlineData("-ERR x\r\n", "-ERR")]
    [InlineData("*1\r\n:1\r\n", "[:1]")]
    public void Another_reply_in_place_of_a_bulk_is_left_to_be_read_whole(string wire, string meaning)
    {
        var reader = new RespReplyReader(RespLimits.Default);
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(wire));
        Assert.False(reader.TryReadBulkHead(ref buffer, out _, out bool isOther));
        Assert.True(isOther);
        Assert.True(reader.TryRead(ref buffer, out RespReply reply));
        Assert.Equal(meaning, Show(reply));
    }

    [Fact]
    public void Any_reply_survives_any_fragmentation()
    {
        Gen<string> leaf = Gen.OneOf(
            Gen.Long.Select(n => string.Create(CultureInfo.InvariantCulture, $":{n}\r\n")),
            Gen.String[Gen.Char['\0', '\u00ff'], 0, 300].Select(s => $"${s.Length}\r\n{s}\r\n"),
            Gen.String[Gen.Char['a', 'z'], 0, 30].Select(s => $"+{s}\r\n"),
            Gen.Const("$-1\r\n"));
        Gen<string> array = leaf.List[0, 6].Select(items => $"*{items.Count}\r\n{string.Concat(items)}");
        Gen<string> nested = Gen.OneOf(leaf, array).List[0, 6].Select(items => $"*{items.Count}\r\n{string.Concat(items)}");
        Gen.Select(Gen.OneOf(leaf, array, nested), Gen.Int[1, 50].List[1, 20]).Sample(
            (wire, cuts) =>
            {
                byte[] bytes = Encoding.Latin1.GetBytes(wire);
                var whole = new ReadOnlySequence<byte>(bytes);
                Assert.True(new RespReplyReader(RespLimits.Default).TryRead(ref whole, out RespReply expected));
                var pieces = new List<ReadOnlySequence<byte>>();
                for (int at = 0, i = 0; at < bytes.Length; i++)
                {
                    int take = Math.Min(cuts[i % cuts.Count], bytes.Length - at);
                    pieces.Add(new ReadOnlySequence<byte>(bytes, at, take));
                    at += take;
                }

                (RespReply actual, _) = Assert.Single(ReadAll(new RespReplyReader(RespLimits.Default), new Fragments.Arrival("random", pieces, 0)));
                Assert.Equal(Show(expected), Show(actual));
                Assert.Equal(wire, Wire(actual));
            },
            seed: "0000KOIPe9Q2",
            iter: 2000);
    }

    private static void Refuses(RespLimits limits, string wire) => Assert.Throws<RespFormatException>(() => TryReadOne(limits, wire));

    private static void Accepts(RespLimits limits, string wire) => Assert.True(TryReadOne(limits, wire));

    private static bool TryReadOne(RespLimits limits, string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(wire));
        return new RespReplyReader(limits).TryRead(ref buffer, out _);
    }

    /// <summary>Feeds the pieces as a pipe would: what was not taken is offered again, joined with what comes next.</summary>
    private static List<(RespReply Reply, long Left)> ReadAll(RespReplyReader reader, Fragments.Arrival arrival)
    {
        var replies = new List<(RespReply Reply, long Left)>();
        ReadOnlySequence<byte> rest = default;
        foreach (ReadOnlySequence<byte> piece in arrival.Pieces)
        {
            ReadOnlySequence<byte> buffer = rest.IsEmpty ? piece : new ReadOnlySequence<byte>([.. rest.ToArray(), .. piece.ToArray()]);
            while (buffer.Length > arrival.Surplus && reader.TryRead(ref buffer, out RespReply reply))
            {
                replies.Add((reply, buffer.Length));
            }

            rest = buffer;
        }

        return replies;
    }

    private static string Show(RespReply reply) => reply.Kind switch
    {
        RespKind.Nil => "nil",
        RespKind.Number => string.Create(CultureInfo.InvariantCulture, $":{(reply.TryGetNumber(out long number) ? number : 0)}"),
        RespKind.Error => "-" + (reply.TryGetError(out RespError error) ? error.Code : string.Empty),
        RespKind.Array => "[" + string.Join(' ', reply.TryGetItems(out ReadOnlyMemory<RespReply> items) ? items.ToArray().Select(Show) : []) + "]",
        RespKind.SimpleString => "+" + Text(reply),
        _ => "$" + Text(reply),
    };

    private static string Wire(RespReply reply) => reply.Kind switch
    {
        RespKind.Nil => "$-1\r\n",
        RespKind.Array when reply.TryGetItems(out ReadOnlyMemory<RespReply> items) =>
            $"*{items.Length}\r\n{string.Concat(items.ToArray().Select(Wire))}",
        RespKind.Bulk => $"${Text(reply).Length}\r\n{Text(reply)}\r\n",
        _ => Show(reply) + "\r\n",
    };

    private static string Text(RespReply reply) =>
        reply.TryGetBytes(out ReadOnlyMemory<byte> bytes) ? Encoding.Latin1.GetString(bytes.Span) : throw new InvalidOperationException("No string.");
}
