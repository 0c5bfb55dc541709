namespace CacheBackup.Local.Http;

/// <summary>Where the API listens and what it asks of a caller.</summary>
/// <param name="Url">One <c>http://</c> address; a host that is not loopback is refused. Port 0: any free one.</param>
/// <param name="Token">What callers send as <c>Authorization: Bearer …</c>.</param>
public sealed record ApiServerOptions(Uri Url, string Token)
{
    /// <summary>Answers below <c>/downloads</c>, where a signed link stands in for the token.</summary>
    internal SignedDownloads? Downloads { get; init; }
}
