using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Tests.Retention;

public sealed class BackupWindowTests
{
    [Theory]
    [InlineData("23:30-00:30", 60)]
    [InlineData("00:00-01:00", 60)]
    [InlineData("08:30-09:45", 75)]
    [InlineData("05:00-04:59", 1439)]
    public void Window_reads_as_it_was_written(string text, int minutes)
    {
        BackupWindow window = BackupWindow.Parse(text);
        Assert.Equal((text, TimeSpan.FromMinutes(minutes)), (window.Value, window.Length));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("23:30")]
    [InlineData("23:30-00:29")]
    [InlineData("23:30-23:30")]
    [InlineData("24:00-01:00")]
    [InlineData("3:00-4:00")]
    [InlineData("03:00-04:00-05:00")]
    [InlineData("03:00 - 04:00")]
    public void Window_that_breaks_a_rule_is_refused(string? text) =>
        Assert.Throws<InvalidRequestException>(() => BackupWindow.Parse(text));

    [Theory]
    [InlineData("23:30-00:30", "2028-02-28T23:29:59Z", "2028-02-27T23:30:00Z", false)]
    [InlineData("23:30-00:30", "2028-02-28T23:30:00Z", "2028-02-28T23:30:00Z", true)]
    [InlineData("23:30-00:30", "2028-02-29T00:29:59Z", "2028-02-28T23:30:00Z", true)]
    [InlineData("23:30-00:30", "2028-02-29T00:30:00Z", "2028-02-28T23:30:00Z", false)]
    [InlineData("00:00-01:00", "2028-03-01T00:00:00Z", "2028-03-01T00:00:00Z", true)]
    [InlineData("23:30-00:30", "2028-02-29T02:00:00+02:00", "2028-02-28T23:30:00Z", true)]
    [InlineData("05:00-04:59", "2028-02-29T04:58:00Z", "2028-02-28T05:00:00Z", true)]
    public void Instant_belongs_to_the_window_that_contains_or_preceded_it(string text, string instant, string start, bool contains)
    {
        BackupWindow window = BackupWindow.Parse(text);
        DateTimeOffset at = DateTimeOffset.Parse(instant, null);
        DateTimeOffset expected = DateTimeOffset.Parse(start, null);
        Assert.Equal((expected, contains), (window.StartAtOrBefore(at), window.Contains(at)));
        Assert.Equal(expected.AddDays(1), window.StartAfter(at));
        Assert.Equal(contains ? expected : expected.AddDays(1), window.CurrentOrNext(at));
    }

    [Fact]
    public void Assigned_windows_are_stable_lie_in_the_night_and_do_not_start_together()
    {
        BackupWindow[] windows = [.. Enumerable.Range(0, 1000).Select(i => BackupWindow.AssignedTo(CacheName.Parse($"cache-{i}")))];
        Assert.Equal("02:47-03:47", BackupWindow.AssignedTo(CacheName.Parse("shop")).Value);
        Assert.All(windows, window =>
        {
            int hour = int.Parse(window.Value[..2], null);
            Assert.True(hour >= 22 || hour < 5, window.Value);
            Assert.Equal(BackupWindow.Shortest, window.Length);
            Assert.Equal(window, BackupWindow.Parse(window.Value));
        });
        Assert.True(windows.GroupBy(window => window).Max(same => same.Count()) < 15, "too many caches in one minute");
    }

    [Fact]
    public void A_window_that_was_never_set_has_no_text() =>
        Assert.Throws<InvalidOperationException>(() => default(BackupWindow).Value);
}
