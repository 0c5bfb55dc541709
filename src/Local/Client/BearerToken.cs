using System.Net.Http.Headers;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Client;

/// <summary>The token of a service on one machine.</summary>
internal sealed class BearerToken(Secret<string> token) : ICallAuthorization
{
    public ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        return ValueTask.CompletedTask;
    }
}
