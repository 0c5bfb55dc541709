namespace CacheBackup.Core.Model;

/// <summary>A cache's name: the same rules as for a backup's (1–40 letters, digits and hyphens …), stored in lower case.</summary>
public readonly record struct CacheName : ICatalogText<CacheName>
{
    private readonly string? _value;

    private CacheName(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A cache name was never set.");

    /// <exception cref="InvalidRequestException">The text breaks one of the rules; the message names the rule.</exception>
    public static CacheName Parse(string? text) => NameRules.Check(text, "cache name") is { } broken
        ? throw new InvalidRequestException(broken)
        : new CacheName(text!.ToLowerInvariant());

    public static bool TryParse(string? text, out CacheName name)
    {
        bool valid = NameRules.Check(text, "cache name") is null;
        name = valid ? new CacheName(text!.ToLowerInvariant()) : default;
        return valid;
    }

    public static CacheName FromCatalog(string text) => Parse(text);

    public override string ToString() => Value;
}
