using System.Security.Cryptography;

namespace CacheBackup.Local.Client;

/// <summary>Which service is called, and how.</summary>
internal sealed record ServiceApiOptions
{
    private const int KeyBytes = 16;

    public required Uri Url { get; init; }

    public required ICallAuthorization Authorization { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Told, a sentence each, what goes wrong and is tried again.</summary>
    public required Action<string> Tell { get; init; }

    /// <summary>Redirects are not followed: what authorizes a call is for this address alone.</summary>
    public required Func<HttpMessageHandler> NewHandler { get; init; }

    /// <summary>An idempotency key for each call that changes something.</summary>
    public Func<string> NewKey { get; init; } = () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
}
