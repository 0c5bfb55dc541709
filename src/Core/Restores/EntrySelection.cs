using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Which part of a backup is wanted: a key must fit every condition that is there. Functions are of no key and are left out with any
/// condition.
/// </summary>
public sealed record EntrySelection
{
    /// <summary>Databases that may be named: servers can be configured for more, but not usefully.</summary>
    public const int MaxDatabase = 1_000_000;

    private const int MaxNamed = 100;

    /// <summary>The types by the names that TYPE gives them; all modules' types are one.</summary>
    private static readonly Dictionary<string, ValueFamily> Families = new(StringComparer.Ordinal)
    {
        ["string"] = ValueFamily.String,
        ["list"] = ValueFamily.List,
        ["set"] = ValueFamily.Set,
        ["zset"] = ValueFamily.SortedSet,
        ["hash"] = ValueFamily.Hash,
        ["stream"] = ValueFamily.Stream,
        ["module"] = ValueFamily.Module,
    };

    /// <summary>A glob for key names, see <see cref="GlobPattern"/>; null: any.</summary>
    public string? Match { get; init; }

    /// <summary><c>string</c>, <c>list</c>, <c>set</c>, <c>zset</c>, <c>hash</c>, <c>stream</c>, <c>module</c>; null: any.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Database numbers; null: any.</summary>
    public IReadOnlyList<int>? Databases { get; init; }

    /// <summary>The selection that a user asks for; null where there is no condition, which is the whole backup.</summary>
    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    public static EntrySelection? Of(string? match, IReadOnlyList<string>? types, IReadOnlyList<int>? databases)
    {
        EntrySelection selection = new()
        {
            Match = match,
            Types = types is { Count: > 0 } ? [.. types.Select(type => type.ToLowerInvariant()).Distinct()] : null,
            Databases = databases is { Count: > 0 } ? [.. databases.Distinct()] : null,
        };
        if (selection is { Match: null, Types: null, Databases: null })
        {
            return null;
        }

        selection.Validate();
        return selection;
    }

    /// <summary>Whether keys of such a value can be in the selection.</summary>
    public bool HasType(RdbType type) => Types is null || Types.Any(name => Families.GetValueOrDefault(name) == type.Family());

    /// <summary>Whether keys of the database can be in the selection.</summary>
    public bool HasDatabase(int database) => Databases is null || Databases.Contains(database);

    /// <summary>Conditions as a test of entries.</summary>
    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    internal Func<RestoreEntry, bool> ToTest()
    {
        EntryTest test = ToEntryTest();
        return entry => test(entry.Database, entry.Type, entry.Key.Span);
    }

    /// <summary>Conditions as a test of what stands before a value.</summary>
    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    internal EntryTest ToEntryTest()
    {
        Validate();
        GlobPattern? pattern = Match is null ? null : GlobPattern.Parse(Match);
        HashSet<ValueFamily>? families = Types is null ? null : [.. Types.Select(name => Families[name])];
        HashSet<int>? databases = Databases is null ? null : [.. Databases];
        return (database, type, key) => databases?.Contains(database) != false
            && families?.Contains(type.Family()) != false
            && pattern?.Matches(key) != false;
    }

    private void Validate()
    {
        if (Match is not null)
        {
            GlobPattern.Parse(Match);
        }

        if (Types?.FirstOrDefault(name => !Families.ContainsKey(name)) is not null || Types?.Count > MaxNamed)
        {
            throw new InvalidRequestException($"A type is one of {string.Join(", ", Families.Keys)}.");
        }

        if (Databases?.Any(number => number is < 0 or > MaxDatabase) == true || Databases?.Count > MaxNamed)
        {
            throw new InvalidRequestException($"Databases are at most {MaxNamed} numbers from 0 to {MaxDatabase}.");
        }
    }
}
