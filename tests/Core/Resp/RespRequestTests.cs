using System.Buffers;
using System.Text;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Tests.Resp;

public sealed class RespRequestTests
{
    [Fact]
    public void A_command_is_an_array_of_bulks()
    {
        var output = new ArrayBufferWriter<byte>();
        new RespCommand("CLIENT NO-TOUCH", "on", -5, new byte[] { 0, 13, 10, 255 }).WriteTo(output);
        Assert.Equal(
            "*5\r\n$6\r\nCLIENT\r\n$8\r\nNO-TOUCH\r\n$2\r\non\r\n$2\r\n-5\r\n$4\r\n\0\r\n\u00ff\r\n",
            Encoding.Latin1.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1_000_000)]
    public void An_argument_of_any_length_reads_back(int length)
    {
        byte[] argument = new byte[length];
        new Random(length).NextBytes(argument);
        var output = new ArrayBufferWriter<byte>();
        output.WriteBulk(argument);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(new RespReplyReader(RespLimits.Default).TryRead(ref buffer, out RespReply reply));
        Assert.True(reply.TryGetBytes(out ReadOnlyMemory<byte> bytes));
        Assert.True(buffer.IsEmpty);
        Assert.Equal(argument, bytes.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_number_is_written_in_decimal(long number)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteBulk(number);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.True(new RespReplyReader(RespLimits.Default).TryRead(ref buffer, out RespReply reply));
        Assert.True(reply.TryGetNumber(out long actual));
        Assert.Equal(number, actual);
    }

    [Fact]
    public void A_streamed_argument_equals_one_written_whole()
    {
        var whole = new ArrayBufferWriter<byte>();
        whole.WriteBulk("abcdef"u8);
        var streamed = new ArrayBufferWriter<byte>();
        streamed.WriteBulkHeader(6);
        streamed.Write("abc"u8);
        streamed.Write("def"u8);
        streamed.WriteBulkEnd();
        Assert.Equal(whole.WrittenSpan.ToArray(), streamed.WrittenSpan.ToArray());
    }

    [Fact]
    public void Headers_without_meaning_are_refused()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentOutOfRangeException>(() => output.WriteArrayHeader(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => output.WriteBulkHeader(-1));
    }
}
