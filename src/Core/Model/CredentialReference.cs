namespace CacheBackup.Core.Model;

/// <summary>
/// Names where a password is kept, never the password: <c>env:NAME</c> and <c>file:/path</c> on one machine, <c>secret:name</c> in AWS.
/// </summary>
public readonly record struct CredentialReference : ICatalogText<CredentialReference>
{
    private static readonly string[] Schemes = ["env:", "file:", "secret:"];
    private readonly string? _value;

    private CredentialReference(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A credential reference was never set.");

    public static bool TryParse(string? text, out CredentialReference reference)
    {
        bool known = text is { Length: <= 512 } && Array.Exists(Schemes, s => text.StartsWith(s, StringComparison.Ordinal) && text.Length > s.Length);
        reference = known ? new CredentialReference(text!) : default;
        return known;
    }

    /// <exception cref="InvalidRequestException">The text names no known place.</exception>
    public static CredentialReference Parse(string text) => TryParse(text, out CredentialReference reference)
        ? reference
        : throw new InvalidRequestException("A credential reference reads env:NAME, file:/path or secret:name.");

    public static CredentialReference FromCatalog(string text) => Parse(text);

    public override string ToString() => Value;
}
