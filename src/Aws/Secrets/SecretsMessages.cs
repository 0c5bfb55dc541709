namespace CacheBackup.Aws.Secrets;

/// <summary>See Secrets Manager's model 2017-10-17.</summary>
internal sealed record SecretValueRequest(string SecretId);

internal sealed record SecretValueReply(string? SecretString = null);

/// <summary>What a secret's text holds.</summary>
internal sealed record SecretDocument
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    public IReadOnlyList<string>? Hosts { get; init; }

    public bool? AllowPlaintext { get; init; }

    /// <summary>Records print their members.</summary>
    public override string ToString() => "**redacted**";
}
