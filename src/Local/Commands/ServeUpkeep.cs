using System.CommandLine;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Commands;

/// <summary>The options of <c>serve</c> about what it does by itself: schedule, purge, reading back, slices, quotas and prices.</summary>
internal sealed class ServeUpkeep
{
    private const int SecondsInDay = 24 * 60 * 60;

    /// <summary>A checkpoint costs as much as a few seconds of a scan.</summary>
    private const int ShortestSliceSeconds = 5;

    /// <summary>What a call has, 15 minutes, less what it needs to end in order.</summary>
    private const int LongestSliceSeconds = 870;

    private readonly Option<int> _tick = new("--tick")
    {
        Description = "Seconds from one look at the schedule to the next; every twelfth look also purges. Divides a day, at most 300.",
        HelpName = "seconds",
        DefaultValueFactory = _ => (int)Ticker.UsualInterval.TotalSeconds,
    };

    private readonly Option<int> _verifyShare = new("--verify-share")
    {
        Description = "Percent of all backups that are read back each week, those longest unseen first; 0: none.",
        HelpName = "percent",
        DefaultValueFactory = _ => StartVerifySweep.UsualSharePercent,
    };

    private readonly Option<int?> _slice = new("--slice")
    {
        Description = "Seconds for which a cache is scanned before a checkpoint is left, from which a backup goes on that was broken off; "
            + $"{ShortestSliceSeconds} to {LongestSliceSeconds}. Default: {LongestSliceSeconds}.",
        HelpName = "seconds",
    };

    private readonly Option<bool> _quotas = new("--quotas")
    {
        Description = "Allow as many manual backups within 24 hours as ElastiCache does: 24 of a serverless cache, 20 for each node otherwise.",
    };

    private readonly Option<decimal?> _price = new("--storage-price")
    {
        Description = "What the store asks for a gigabyte and month, US dollars. Default: 0.023 for s3://, not known for a directory.",
        HelpName = "dollars",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_tick);
        command.Options.Add(_verifyShare);
        command.Options.Add(_slice);
        command.Options.Add(_quotas);
        command.Options.Add(_price);
    }

    /// <exception cref="BadUsageException">A number is outside its range.</exception>
    public ServeRequest Read(ParseResult parsed, ServeRequest request)
    {
        int tick = parsed.GetValue(_tick);
        if (tick < 1 || tick > Ticker.UsualInterval.TotalSeconds || SecondsInDay % tick != 0)
        {
            throw new BadUsageException($"--tick is 1 to {Ticker.UsualInterval.TotalSeconds} seconds, and divides a day: 5, 10, 60, 300.");
        }

        int share = parsed.GetValue(_verifyShare);
        if (share is < 0 or > 100)
        {
            throw new BadUsageException("--verify-share is 0 to 100 percent.");
        }

        int? slice = parsed.GetValue(_slice);
        if (slice is < ShortestSliceSeconds or > LongestSliceSeconds)
        {
            throw new BadUsageException($"--slice is {ShortestSliceSeconds} to {LongestSliceSeconds} seconds.");
        }

        decimal? price = parsed.GetValue(_price);
        return price < 0
            ? throw new BadUsageException("--storage-price is not negative.")
            : request with
            {
                TickInterval = TimeSpan.FromSeconds(tick),
                VerifySharePercent = share,
                SliceLength = slice is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Quotas = parsed.GetValue(_quotas),
                StoragePrice = price,
            };
    }
}
