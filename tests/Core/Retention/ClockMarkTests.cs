using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Tests.Retention;

public sealed class ClockMarkTests
{
    private static readonly DateTimeOffset Noon = new(2028, 2, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, ClockVerdict.Steady)]
    [InlineData(-10, ClockVerdict.Steady)]
    [InlineData(-11, ClockVerdict.Backwards)]
    [InlineData(72 * 60, ClockVerdict.Steady)]
    [InlineData((72 * 60) + 1, ClockVerdict.FarAhead)]
    public void Clock_is_in_doubt_beyond_its_bounds(int minutes, ClockVerdict expected)
    {
        ClockMark mark = ClockMark.Read(null, null, Noon).Mark;
        Assert.Equal(expected, ClockMark.Read(mark, null, Noon.AddMinutes(minutes)).Verdict);
    }

    [Fact]
    public void The_first_look_compares_with_the_newest_time_of_the_catalog()
    {
        Assert.Equal(ClockVerdict.Steady, ClockMark.Read(null, Noon.AddHours(-1), Noon).Verdict);
        Assert.Equal(ClockVerdict.Backwards, ClockMark.Read(null, Noon.AddHours(1), Noon).Verdict);
        Assert.Equal(ClockVerdict.FarAhead, ClockMark.Read(null, Noon.AddDays(-30), Noon).Verdict);
    }

    [Fact]
    public void Many_small_steps_back_add_up()
    {
        ClockReading reading = ClockMark.Read(null, null, Noon);
        reading = ClockMark.Read(reading.Mark, null, Noon.AddMinutes(-9));
        Assert.Equal(ClockVerdict.Steady, reading.Verdict);
        Assert.Equal(ClockVerdict.Backwards, ClockMark.Read(reading.Mark, null, Noon.AddMinutes(-18)).Verdict);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public void A_jump_is_believed_after_a_day_of_even_running(int days)
    {
        ClockReading reading = ClockMark.Read(null, null, Noon);
        DateTimeOffset jumped = Noon.AddDays(days);
        for (int hour = 0; hour < 24; hour++)
        {
            reading = ClockMark.Read(reading.Mark, null, jumped.AddHours(hour));
            Assert.NotEqual(ClockVerdict.Steady, reading.Verdict);
            Assert.Equal(jumped, reading.Mark.JumpedAt);
        }

        reading = ClockMark.Read(reading.Mark, null, jumped.AddHours(24));
        Assert.Equal((ClockVerdict.Steady, jumped.AddHours(24)), (reading.Verdict, reading.Mark.HighWater));
    }

    [Fact]
    public void A_clock_that_comes_back_is_believed_at_once_and_one_that_jumps_on_is_not()
    {
        ClockReading reading = ClockMark.Read(null, null, Noon);
        reading = ClockMark.Read(reading.Mark, null, Noon.AddDays(400));
        reading = ClockMark.Read(reading.Mark, null, Noon.AddDays(800));
        Assert.Equal((ClockVerdict.FarAhead, Noon.AddDays(800)), (reading.Verdict, reading.Mark.JumpedAt));
        reading = ClockMark.Read(reading.Mark, null, Noon.AddHours(1));
        Assert.Equal((ClockVerdict.Steady, null), (reading.Verdict, reading.Mark.JumpedAt));
    }
}
