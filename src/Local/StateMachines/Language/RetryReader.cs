using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>Reads <c>Retry</c> and <c>Catch</c>.</summary>
internal static class RetryReader
{
    // Step Functions' bound on MaxDelaySeconds: less than a year and a day.
    private const int MaximumDelaySeconds = 31_622_399;

    public static IReadOnlyList<Retrier> ReadRetry(FieldReader fields)
    {
        if (!fields.Has("Retry"))
        {
            return [];
        }

        IReadOnlyList<JsonElement> entries = fields.Elements("Retry");
        return [.. entries.Select((entry, i) => ReadRetrier(fields.Inside($"Retry[{i}]", entry), isLast: i == entries.Count - 1))];
    }

    public static IReadOnlyList<Catcher> ReadCatch(FieldReader fields)
    {
        if (!fields.Has("Catch"))
        {
            return [];
        }

        IReadOnlyList<JsonElement> entries = fields.Elements("Catch");
        return [.. entries.Select((entry, i) => ReadCatcher(fields.Inside($"Catch[{i}]", entry), isLast: i == entries.Count - 1))];
    }

    private static Retrier ReadRetrier(FieldReader fields, bool isLast)
    {
        var retrier = new Retrier
        {
            Errors = ReadErrors(fields, isLast),
            IntervalSeconds = fields.Integer("IntervalSeconds", 1, StateReader.MaximumSeconds) ?? 1,
            MaxAttempts = fields.Integer("MaxAttempts", 0, StateReader.MaximumSeconds) ?? 3,
            BackoffRate = ReadBackoff(fields),
            MaxDelaySeconds = fields.Integer("MaxDelaySeconds", 1, MaximumDelaySeconds),
            HasFullJitter = fields.Text("JitterStrategy") switch
            {
                null or "NONE" => false,
                "FULL" => true,
                _ => throw fields.Refuse("JitterStrategy", "must be FULL or NONE."),
            },
        };
        if (retrier.MaxDelaySeconds <= retrier.IntervalSeconds)
        {
            throw fields.Refuse("MaxDelaySeconds", "must be greater than IntervalSeconds.");
        }

        fields.RefuseTheRest();
        return retrier;
    }

    private static Catcher ReadCatcher(FieldReader fields, bool isLast)
    {
        var catcher = new Catcher(ReadErrors(fields, isLast), fields.ResultPath(), fields.RequireText("Next"));
        fields.RefuseTheRest();
        return catcher;
    }

    private static double ReadBackoff(FieldReader fields)
    {
        if (fields.Take("BackoffRate") is not { } value)
        {
            return 2.0;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double rate) && rate >= 1 && double.IsFinite(rate)
            ? rate
            : throw fields.Refuse("BackoffRate", "must be a number of at least 1.");
    }

    private static ErrorNames ReadErrors(FieldReader fields, bool isLast)
    {
        List<string> names = [];
        foreach (JsonElement element in fields.Elements("ErrorEquals"))
        {
            string name = element.ValueKind == JsonValueKind.String ? element.GetString()! : throw fields.Refuse("ErrorEquals", "must hold strings.");
            if (name.StartsWith("States.", StringComparison.Ordinal) && !StatesErrors.Matchable.Contains(name))
            {
                throw fields.Refuse("ErrorEquals", name == StatesErrors.Runtime
                    ? "'States.Runtime' always fails the execution: it is never retried nor caught."
                    : $"'{name}' is not an error that the local runner raises.");
            }

            names.Add(name);
        }

        return !names.Contains(StatesErrors.All) || (names.Count == 1 && isLast)
            ? new ErrorNames(names)
            : throw fields.Refuse("ErrorEquals", "'States.ALL' must stand alone and in the last entry.");
    }
}
