namespace CacheBackup.Core.Retention;

/// <summary>
/// The newest time that was believed, by which a clock is noticed that ran backwards (by more than 10 minutes) or far ahead (by more than
/// 72 hours: a service that was switched off over a weekend goes on at once). A clock that has jumped is believed again when it comes
/// back, or when it has run evenly for 24 hours.
/// </summary>
public sealed record ClockMark
{
    /// <summary>Clocks of several hosts, and one clock that is set right, differ by less.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan FarAhead = TimeSpan.FromHours(72);

    public static readonly TimeSpan Confirmation = TimeSpan.FromHours(24);

    /// <summary>The newest time that was believed.</summary>
    public required DateTimeOffset HighWater { get; init; }

    /// <summary>The last time that was read, believed or not.</summary>
    public required DateTimeOffset LastReading { get; init; }

    /// <summary>The first time that was read after the jump; null while the clock is believed.</summary>
    public DateTimeOffset? JumpedAt { get; init; }

    /// <param name="mark">The mark of the last look; null: the first one.</param>
    /// <param name="newestSeen">The newest time in the catalog, which stands for a mark at the first look; null: it is empty.</param>
    /// <param name="now">What the clock says.</param>
    public static ClockReading Read(ClockMark? mark, DateTimeOffset? newestSeen, DateTimeOffset now)
    {
        mark ??= new ClockMark { HighWater = newestSeen ?? now, LastReading = newestSeen ?? now };
        if (Follows(mark.HighWater, now))
        {
            return Believed(now > mark.HighWater ? now : mark.HighWater);
        }

        DateTimeOffset jumpedAt = mark.JumpedAt is { } since && Follows(mark.LastReading, now) ? since : now;
        return now - jumpedAt >= Confirmation
            ? Believed(now)
            : new ClockReading(
                now < mark.HighWater ? ClockVerdict.Backwards : ClockVerdict.FarAhead,
                mark with { LastReading = now, JumpedAt = jumpedAt });
    }

    private static bool Follows(DateTimeOffset last, DateTimeOffset now) => now >= last - Tolerance && now <= last + FarAhead;

    private static ClockReading Believed(DateTimeOffset time) =>
        new(ClockVerdict.Steady, new ClockMark { HighWater = time, LastReading = time });
}
