using System.Buffers;
using System.IO.Pipelines;
using CacheBackup.Core.Snapshots;
using Xunit;

namespace CacheBackup.Fixtures.Caches;

/// <summary>What <see cref="ISnapshotSource"/> and <see cref="SnapshotTransfer"/> promise, run on every implementation.</summary>
public abstract class SnapshotSourceContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Content_is_one_whole_rdb()
    {
        await using ISourceUnderTest subject = await StartAsync();
        await using SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
        byte[] rdb = await ReadAsync(transfer.Content, int.MaxValue, TimeSpan.Zero);
        Assert.True(transfer.LengthBytes is null || transfer.LengthBytes == rdb.Length, $"{transfer.LengthBytes} announced, {rdb.Length} received");
        await subject.VerifyContentAsync(rdb);
        await transfer.DisposeAsync();
        await subject.VerifyReleasedAsync();
    }

    [Fact]
    public async Task A_slow_reader_gets_the_same_content()
    {
        await using ISourceUnderTest subject = await StartAsync();
        await using SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
        await subject.VerifyContentAsync(await ReadAsync(transfer.Content, 5000, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task Content_that_is_over_stays_over()
    {
        await using ISourceUnderTest subject = await StartAsync();
        await using SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
        _ = await ReadAsync(transfer.Content, int.MaxValue, TimeSpan.Zero);
        ReadResult after = await transfer.Content.ReadAsync(Soon());
        Assert.True(after.IsCompleted);
        Assert.True(after.Buffer.IsEmpty);
        transfer.Content.AdvanceTo(after.Buffer.End);
        Assert.True(transfer.Content.TryRead(out after) && after.IsCompleted);
    }

    [Fact]
    public async Task One_source_can_be_opened_again_and_again()
    {
        await using ISourceUnderTest subject = await StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await using SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
            await subject.VerifyContentAsync(await ReadAsync(transfer.Content, int.MaxValue, TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task A_transfer_that_is_given_up_leaves_nothing_behind()
    {
        await using ISourceUnderTest subject = await StartAsync();
        SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
        ReadResult first = await transfer.Content.ReadAsync(Soon());
        transfer.Content.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        await transfer.DisposeAsync();
        await transfer.DisposeAsync();
        await subject.VerifyReleasedAsync();
    }

    [Fact]
    public async Task A_cancelled_opening_is_cancelled()
    {
        await using ISourceUnderTest subject = await StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subject.Source.OpenAsync(new CancellationToken(canceled: true)));
        await subject.VerifyReleasedAsync();
    }

    [Fact]
    public async Task Origin_says_what_the_bytes_stand_for()
    {
        await using ISourceUnderTest subject = await StartAsync();
        await using SnapshotTransfer transfer = await subject.Source.OpenAsync(Soon());
        Assert.True(transfer.Origin.Version.Major > 0);
        Assert.Equal(40, transfer.Origin.RunId.Length);
        Assert.NotEmpty(transfer.Origin.Method);
        DateTimeOffset ours = transfer.Origin.ServerTime - transfer.Origin.ClockOffset;
        Assert.InRange(TimeProvider.System.GetUtcNow() - ours, TimeSpan.FromSeconds(-1), Patience);
    }

    protected abstract Task<ISourceUnderTest> StartAsync();

    private static CancellationToken Soon() => new CancellationTokenSource(Patience, TimeProvider.System).Token;

    private static async Task<byte[]> ReadAsync(PipeReader content, int biteBytes, TimeSpan pause)
    {
        CancellationToken soon = Soon();
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult result = await content.ReadAsync(soon);
            ReadOnlySequence<byte> bite = result.Buffer.Slice(0, Math.Min(biteBytes, result.Buffer.Length));
            all.Write(bite.ToArray());
            bool isOver = result.IsCompleted && bite.Length == result.Buffer.Length;
            content.AdvanceTo(bite.End);
            if (isOver)
            {
                return all.WrittenSpan.ToArray();
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, TimeProvider.System, soon);
            }
        }
    }
}
