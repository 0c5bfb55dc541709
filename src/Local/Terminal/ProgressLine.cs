using System.Globalization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Terminal;

/// <summary>One line that says how far something has come.</summary>
internal static class ProgressLine
{
    private const int ActivityWidth = 9;
    private const int LongestBar = 30;
    private const int ShortestBar = 8;

    /// <param name="done">A total of null: only what is done is told, and no bar.</param>
    /// <param name="perSecond">Bytes a second, or keys where no bytes are told; 0: unknown.</param>
    /// <param name="width">Columns that may be used; 0: no bar, any length.</param>
    /// <param name="isUnicode">The terminal shows more than ASCII.</param>
    public static string Running(string activity, TransferProgress done, double perSecond, int width, bool isUnicode)
    {
        List<string> facts = [];
        double? share = Share(done);
        if (share is { } known)
        {
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(known * 100),3:0} %"));
        }

        AddDone(facts, done);
        if (perSecond > 0)
        {
            facts.Add(IsInBytes(done) ? $"{Readable.Bytes(perSecond)}/s" : $"{Readable.Count((long)perSecond)} keys/s");
            if (done.TotalBytes is { } end && end > done.Bytes)
            {
                facts.Add($"{Readable.Duration(TimeSpan.FromSeconds(Math.Min((end - done.Bytes) / perSecond, 1e7)))} left");
            }
        }

        return Assemble(activity, facts, share, width, isUnicode);
    }

    public static string Finished(string activity, TransferProgress done, TimeSpan time)
    {
        List<string> facts = [];
        AddDone(facts, done with { TotalBytes = null });
        facts.Add(Readable.Duration(time));
        facts.Add(IsInBytes(done) ? Readable.Rate(done.Bytes, time) : $"{Readable.Count((long)(done.Keys / Math.Max(time.TotalSeconds, 0.001)))} keys/s");
        return Assemble(activity, facts, null, 0, isUnicode: false);
    }

    /// <summary>Some work is counted in keys alone.</summary>
    public static bool IsInBytes(TransferProgress done) => done.Bytes > 0 || done.TotalBytes is not null || done.Keys == 0;

    private static void AddDone(List<string> facts, TransferProgress done)
    {
        if (IsInBytes(done))
        {
            facts.Add(done.TotalBytes is { } total ? $"{Readable.Bytes(done.Bytes)} of {Readable.Bytes(total)}" : Readable.Bytes(done.Bytes));
        }

        if (done.Keys > 0)
        {
            facts.Add(Readable.Count(done.Keys, "key"));
        }
    }

    private static string Assemble(string activity, List<string> facts, double? share, int width, bool isUnicode)
    {
        string text = string.Join("  ", facts);
        string head = activity.PadRight(ActivityWidth);
        int room = Math.Min(width - head.Length - text.Length - 3, LongestBar);
        string line = share is { } known && room >= ShortestBar ? $"{head} {Bar(known, room, isUnicode)}  {text}" : $"{head} {text}";
        return width > 0 && line.Length > width ? line[..width] : line;
    }

    private static string Bar(double share, int width, bool isUnicode)
    {
        int full = (int)Math.Floor(share * width);
        (char on, char off) = isUnicode ? ('█', '░') : ('#', '.');
        return new string(on, full) + new string(off, width - full);
    }

    private static double? Share(TransferProgress done) =>
        done.TotalBytes is { } total and > 0 ? Math.Clamp(done.Bytes / (double)total, 0, 1) : null;
}
