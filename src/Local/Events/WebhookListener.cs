using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Events;

/// <summary>
/// Posts each event as JSON to an address: three times at most, with pauses of one and four seconds, until the answer is 2xx. With a secret,
/// the header <c>Cache-Backup-Signature: sha256=…</c> holds the body's HMAC-SHA-256, hexadecimal. Who is told twice knows it by the event's id.
/// </summary>
internal sealed class WebhookListener(Uri url, Secret<string>? secret, HttpMessageHandler handler, TimeProvider time) : IEventListener, IDisposable
{
    public const string SignatureHeader = "Cache-Backup-Signature";

    private const int Attempts = 3;
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    // Only the host: paths of web hooks are often secrets.
    public string Name => $"The web hook at {url.Host}";

    public async Task DeliverAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            string? failure = await TryAsync(json, cancellationToken);
            if (failure is null)
            {
                return;
            }

            if (attempt == Attempts)
            {
                throw new EventNotDeliveredException($"{failure} It was tried {Attempts} times.");
            }

            await Task.Delay(pause, time, cancellationToken);
            pause *= 4;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null: it was told.</summary>
    private async Task<string?> TryAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(AttemptLimit);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (secret is not null)
        {
            byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()), json.Span);
            request.Headers.Add(SignatureHeader, $"sha256={Convert.ToHexStringLower(signature)}");
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            return response.IsSuccessStatusCode ? null : $"It answered {(int)response.StatusCode}.";
        }
        catch (HttpRequestException e)
        {
            return $"It cannot be reached ({e.HttpRequestError}).";
        }
        catch (SocketException)
        {
            return $"It cannot be reached ({HttpRequestError.ConnectionError}).";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"It did not answer within {AttemptLimit.TotalSeconds:0} s.";
        }
    }
}
