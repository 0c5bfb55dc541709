using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Terminal;

public sealed class ProgressLineTests
{
    private static readonly TransferProgress Half = new(512 << 20, 1 << 30, 1_234_567);

    [Fact]
    public void Terminal_shows_bar_bytes_keys_rate_and_time_left() => Assert.Equal(
        "restore   ███████████████░░░░░░░░░░░░░░░   50 %  512 MiB of 1.00 GiB  1,234,567 keys  64.0 MiB/s  8.0 s left",
        ProgressLine.Running("restore", Half, 64 << 20, 120, isUnicode: true));

    [Fact]
    public void Terminal_without_unicode_shows_ascii() => Assert.StartsWith(
        "restore   ###############...............   50 %", ProgressLine.Running("restore", Half, 64 << 20, 120, isUnicode: false), StringComparison.Ordinal);

    [Fact]
    public void Narrow_terminal_gets_no_bar_and_never_a_second_line()
    {
        for (int width = 20; width < 120; width++)
        {
            string line = ProgressLine.Running("restore", Half, 64 << 20, width, isUnicode: true);
            Assert.InRange(line.Length, 1, width);
        }

        Assert.DoesNotContain('█', ProgressLine.Running("restore", Half, 64 << 20, 80, isUnicode: true));
    }

    [Fact]
    public void Unknown_total_shows_what_is_done() => Assert.Equal(
        "snapshot  512 MiB  1,234,567 keys  64.0 MiB/s", ProgressLine.Running("snapshot", Half with { TotalBytes = null }, 64 << 20, 120, isUnicode: true));

    [Fact]
    public void Work_in_keys_shows_no_bytes()
    {
        TransferProgress keys = new(0, null, 5_000);
        Assert.Equal("compare   5,000 keys  2,500 keys/s", ProgressLine.Running("compare", keys, 2_500, 0, isUnicode: true));
        Assert.Equal("compare   5,000 keys  2.0 s  2,500 keys/s", ProgressLine.Finished("compare", keys, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Nothing_done_yet_shows_neither_rate_nor_time() => Assert.Equal(
        "verify      0 %  0 B of 1.00 GiB", ProgressLine.Running("verify", new TransferProgress(0, 1 << 30, 0), 0, 0, isUnicode: true));

    [Fact]
    public void More_than_the_total_stays_at_100_percent() => Assert.Contains(
        "100 %", ProgressLine.Running("verify", new TransferProgress(2 << 20, 1 << 20, 0), 1, 0, isUnicode: true), StringComparison.Ordinal);

    [Fact]
    public void End_tells_sums_time_and_rate() => Assert.Equal(
        "restore   512 MiB  1,234,567 keys  16 s  32.0 MiB/s", ProgressLine.Finished("restore", Half, TimeSpan.FromSeconds(16)));
}
