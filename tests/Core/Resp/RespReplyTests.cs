using System.Buffers;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Tests.Resp;

public sealed class RespReplyTests
{
    [Fact]
    public void Text_forms_show_no_content()
    {
        foreach (string wire in (string[])["$6\r\nsecret\r\n", "+secret\r\n", "-ERR secret\r\n", "*1\r\n$6\r\nsecret\r\n", ":424242\r\n"])
        {
            RespReply reply = Read(wire);
            Assert.DoesNotContain("secret", reply.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("424242", reply.ToString(), StringComparison.Ordinal);
        }

        Assert.True(Read("-ERR secret\r\n").TryGetError(out RespError error));
        Assert.Equal("ERR", error.ToString());
        Assert.DoesNotContain("secret", $"{error} {error.Message}", StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new RespCommand("AUTH", "secret").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ((RespArgument)"secret").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_of_another_kind_answers_false()
    {
        RespReply number = Read(":5\r\n");
        Assert.False(number.TryGetBytes(out _));
        Assert.False(number.TryGetText(out _));
        Assert.False(number.TryGetItems(out _));
        Assert.False(number.TryGetError(out _));
        Assert.False(number.IsOk);
        Assert.False(Read("$2\r\nOK\r\n").IsOk);
        Assert.False(Read("$3\r\n5x5\r\n").TryGetNumber(out _));
        Assert.False(Read("-5\r\n").TryGetNumber(out _));
        Assert.False(Read("$-1\r\n").TryGetBytes(out _));
    }

    [Fact]
    public void A_string_that_spells_a_number_is_one()
    {
        Assert.True(Read("$2\r\n42\r\n").TryGetNumber(out long number));
        Assert.Equal(42, number);
    }

    [Fact]
    public void An_error_is_looked_at_without_regard_to_case()
    {
        Assert.True(Read("-ERR Unknown command 'x'\r\n").TryGetError(out RespError error));
        Assert.True(error.Says("unknown COMMAND"));
        Assert.False(error.Says("wrong"));
    }

    private static RespReply Read(string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(wire));
        Assert.True(new RespReplyReader(RespLimits.Default).TryRead(ref buffer, out RespReply reply));
        return reply;
    }
}
