using System.CommandLine;
using CacheBackup.Core.Inspections;

namespace CacheBackup.Local.Commands;

/// <summary>The options of a page that sums keys up by the prefixes of their names.</summary>
internal sealed class PrefixOptions
{
    private const int DefaultShown = 20;
    private const int MostShown = 10_000;

    private readonly Option<int> _shown;
    private readonly Option<string> _separator = new("--separator")
    {
        Description = "What parts of key names are set apart by.",
        HelpName = "text",
        DefaultValueFactory = _ => InspectionOptions.Default.Separator,
    };

    private readonly Option<int> _depth = new("--depth")
    {
        Description = "How many parts of a key's name make a prefix.",
        HelpName = "count",
        DefaultValueFactory = _ => InspectionOptions.Default.PrefixDepth,
    };

    /// <param name="which">Which of them are shown, for the help text.</param>
    public PrefixOptions(string which)
    {
        _shown = new Option<int>("--prefixes")
        {
            Description = $"How many prefixes of key names to show, {which}; 0: none.",
            HelpName = "count",
            DefaultValueFactory = _ => DefaultShown,
        };
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_shown);
        command.Options.Add(_separator);
        command.Options.Add(_depth);
    }

    /// <summary>How many are shown.</summary>
    /// <exception cref="BadUsageException">Too many, or less than none.</exception>
    public int ShownIn(ParseResult parsed) => CountOption.InRange(parsed, _shown, MostShown);

    /// <summary>How keys are summed up for that.</summary>
    public InspectionOptions Of(ParseResult parsed) => InspectionOptions.Default with
    {
        Separator = parsed.GetValue(_separator)!,
        PrefixDepth = parsed.GetValue(_depth),
        MostPrefixes = ShownIn(parsed) == 0 ? 0 : InspectionOptions.Default.MostPrefixes,
    };
}
