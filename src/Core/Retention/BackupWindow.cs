using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Retention;

/// <summary>
/// The time of day in which a cache's automatic backup begins: a start and an end in UTC, to the minute. At least 60 minutes and less than
/// a day; it may cross midnight. Written <c>23:30-00:30</c>.
/// </summary>
public readonly record struct BackupWindow : ICatalogText<BackupWindow>
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(60);

    private const int MinutesADay = 24 * 60;
    private const string TimeFormat = "HH:mm";

    // Windows that are assigned lie in the night of UTC: they start between 22:00 and 04:59, and the last has ended by 06:00.
    private const int NightStart = 22 * 60;
    private const int NightStarts = 7 * 60;

    private readonly int _startMinute;
    private readonly int _minutes;

    private BackupWindow(int startMinute, int minutes)
    {
        _startMinute = startMinute;
        _minutes = minutes;
    }

    /// <summary>60 minutes to a minute less than a day; zero where the window was never set.</summary>
    public TimeSpan Length => TimeSpan.FromMinutes(_minutes);

    public string Value => _minutes > 0
        ? $"{TimeOf(_startMinute)}-{TimeOf(_startMinute + _minutes)}"
        : throw new InvalidOperationException("A backup window was never set.");

    /// <exception cref="InvalidRequestException">The text is not a window, or a shorter one than 60 minutes.</exception>
    public static BackupWindow Parse(string? text)
    {
        if (text?.Split('-') is not [var start, var end] || MinuteOf(start) is not { } from || MinuteOf(end) is not { } to)
        {
            throw new InvalidRequestException("A backup window is a start and an end in UTC, such as 23:30-00:30.");
        }

        int minutes = (to - from + MinutesADay) % MinutesADay;
        return minutes >= Shortest.TotalMinutes
            ? new BackupWindow(from, minutes)
            : throw new InvalidRequestException(
                $"A backup window has at least 60 minutes and less than a day; {text} has {(minutes == 0 ? "none, or a whole day" : $"{minutes}")}.");
    }

    public static BackupWindow FromCatalog(string text) => Parse(text);

    /// <summary>
    /// The window of a cache whose owner named none: 60 minutes in the night, always the same for a name, and spread so that many caches
    /// do not start together.
    /// </summary>
    public static BackupWindow AssignedTo(CacheName cache)
    {
        uint spread = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(cache.Value)));
        return new BackupWindow((NightStart + (int)(spread % NightStarts)) % MinutesADay, (int)Shortest.TotalMinutes);
    }

    /// <summary>The start of the window that contains the instant, or else of the last one before it.</summary>
    public DateTimeOffset StartAtOrBefore(DateTimeOffset instant)
    {
        DateTimeOffset today = new DateTimeOffset(instant.UtcDateTime.Date, TimeSpan.Zero).AddMinutes(_startMinute);
        return today <= instant ? today : today.AddDays(-1);
    }

    /// <summary>The start of the first window that begins after the instant.</summary>
    public DateTimeOffset StartAfter(DateTimeOffset instant) => StartAtOrBefore(instant).AddDays(1);

    /// <summary>The start of the window that contains the instant, or else of the next one.</summary>
    public DateTimeOffset CurrentOrNext(DateTimeOffset instant) => Contains(instant) ? StartAtOrBefore(instant) : StartAfter(instant);

    /// <summary>Whether the instant lies in a window; its end belongs to none.</summary>
    public bool Contains(DateTimeOffset instant) => instant < StartAtOrBefore(instant) + Length;

    public override string ToString() => Value;

    private static string TimeOf(int minute) =>
        TimeOnly.MinValue.AddMinutes(minute % MinutesADay).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static int? MinuteOf(string text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? (time.Hour * 60) + time.Minute
            : null;
}
