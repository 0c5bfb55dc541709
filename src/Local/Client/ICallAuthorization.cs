namespace CacheBackup.Local.Client;

/// <summary>Makes a call one that the service lets in. Applied to every attempt anew: a signature would hold its time.</summary>
internal interface ICallAuthorization
{
    ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken);
}
