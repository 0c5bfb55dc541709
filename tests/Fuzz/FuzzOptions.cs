using System.Globalization;

namespace CacheBackup.Fuzz;

/// <summary>What the program was told.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>For each target.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Instead of a time.</summary>
    public long? Runs { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Null: the one beside the program.</summary>
    public string? Corpus { get; init; }

    public bool Keep { get; init; }

    public string Out { get; init; } = ".";

    public string? Replay { get; init; }

    /// <summary>Null if the words make no sense.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            if (args[i] == "--keep")
            {
                options = options with { Keep = true };
                continue;
            }

            if (value is null || options.With(args[i], value) is not { } next)
            {
                return null;
            }

            options = next;
            i++;
        }

        return options.Replay is not null && options.Targets.Count != 1 ? null : options;
    }

    private FuzzOptions? With(string name, string value)
    {
        bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return name switch
        {
            "--target" => this with { Targets = [.. Targets, value] },
            "--seconds" when isNumber => this with { Seconds = number },
            "--runs" when isNumber => this with { Runs = number },
            "--seed" when isNumber => this with { Seed = number },
            "--corpus" => this with { Corpus = value },
            "--out" => this with { Out = value },
            "--replay" => this with { Replay = value },
            _ => null,
        };
    }
}
