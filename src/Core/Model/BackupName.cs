using System.Globalization;

namespace CacheBackup.Core.Model;

/// <summary>
/// A backup's name. A user's name has 1–40 letters, digits and hyphens, starts with a letter, has no two hyphens together and none at
/// the end; it is stored in lower case. An automatic backup's name is <c>automatic.&lt;cache&gt;-YYYY-MM-DD-HH-mm</c>: its dot keeps
/// the two from ever meeting.
/// </summary>
public readonly record struct BackupName : ICatalogText<BackupName>
{
    private const string AutomaticPrefix = "automatic.";
    private const string WindowFormat = "yyyy-MM-dd-HH-mm";
    private readonly string? _value;

    private BackupName(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A backup name was never set.");

    public bool IsAutomatic => Value.StartsWith(AutomaticPrefix, StringComparison.Ordinal);

    /// <summary>Reads a name that a user chose.</summary>
    /// <exception cref="InvalidRequestException">The text breaks one of the rules; the message names the rule.</exception>
    public static BackupName Parse(string? text) => NameRules.Check(text, "backup name") is { } broken
        ? throw new InvalidRequestException(broken)
        : new BackupName(text!.ToLowerInvariant());

    public static bool TryParse(string? text, out BackupName name)
    {
        bool valid = NameRules.Check(text, "backup name") is null;
        name = valid ? new BackupName(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>The only maker of names with a dot: one name for each cache and start of a window (UTC, to the minute).</summary>
    public static BackupName Automatic(CacheName cache, DateTimeOffset windowStart) =>
        new($"{AutomaticPrefix}{cache}-{windowStart.UtcDateTime.ToString(WindowFormat, CultureInfo.InvariantCulture)}");

    /// <summary>The cache that an automatic backup's name holds; null for a user's name.</summary>
    public CacheName? AutomaticCache =>
        IsAutomatic ? CacheName.Parse(Value[AutomaticPrefix.Length..^(WindowFormat.Length + 1)]) : null;

    /// <summary>Reads a name back from the catalog: a user's or an automatic one.</summary>
    /// <exception cref="InvalidRequestException">It is neither.</exception>
    public static BackupName FromCatalog(string text)
    {
        int stamp = text.Length - WindowFormat.Length;
        if (!text.StartsWith(AutomaticPrefix, StringComparison.Ordinal))
        {
            return Parse(text);
        }

        bool valid = stamp > AutomaticPrefix.Length + 1 && text[stamp - 1] == '-'
            && CacheName.TryParse(text[AutomaticPrefix.Length..(stamp - 1)], out _)
            && DateTime.TryParseExact(text[stamp..], WindowFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return valid ? new BackupName(text) : throw new InvalidRequestException("That is not the name of an automatic backup.");
    }

    public override string ToString() => Value;
}
