using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CacheBackup.Local.Client;

/// <summary>
/// Calls the service. A call that was not answered, or with a passing fault, is sent again under the same idempotency key: whatever became
/// of the first one, it is done once.
/// </summary>
internal sealed class ServiceApi : IDisposable
{
    /// <summary>Together about half a minute of pauses: a service that starts again is waited for.</summary>
    private const int Attempts = 7;

    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    // Longer than the service takes for any answer.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(35);

    private readonly HttpClient _http;
    private readonly ServiceApiOptions _options;

    public ServiceApi(ServiceApiOptions options)
    {
        _options = options;
        _http = new HttpClient(options.NewHandler()) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes };
    }

    /// <returns>A good answer.</returns>
    /// <exception cref="ServiceProblemException">The service refused, or did not answer in any attempt.</exception>
    public async Task<JsonElement> SendAsync(ServiceCall call, CancellationToken cancellationToken)
    {
        string? key = call.Method == "GET" ? null : _options.NewKey();
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            ServiceProblemException problem;
            try
            {
                ServiceAnswer answer = await AttemptAsync(call, key, cancellationToken);
                if (answer.IsGood)
                {
                    return answer.Body;
                }

                problem = ProblemOf(answer);
                if (!answer.MayBeTriedAgain)
                {
                    throw problem;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                // The bare one is of a service that hung up as the connection was made.
                problem = new ServiceProblemException($"{_options.Url} does not answer: {e.Message}", innerException: e);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                problem = new ServiceProblemException($"{_options.Url} did not answer within {AttemptLimit.TotalSeconds:0} s.", innerException: e);
            }

            if (attempt == Attempts)
            {
                throw problem;
            }

            _options.Tell($"{problem.Message} Trying again in {pause.TotalSeconds:0.#} s.");
            await Task.Delay(pause, _options.Time, cancellationToken);
            pause *= 2;
        }
    }

    /// <summary>Asks for something that may be gone; null: it is.</summary>
    public async Task<JsonElement?> FindAsync(ServiceCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(call, cancellationToken);
        }
        catch (ServiceProblemException e) when (e is { Status: 404, Code: "not-found" })
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ServiceAnswer> AttemptAsync(ServiceCall call, string? key, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AttemptLimit);
        using HttpRequestMessage request = new(new HttpMethod(call.Method), _options.Url.AbsoluteUri.TrimEnd('/') + call.Target);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (call.Body is { } body)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        await _options.Authorization.AuthorizeAsync(request, limit.Token);
        using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
        string text = await response.Content.ReadAsStringAsync(limit.Token);
        return new ServiceAnswer((int)response.StatusCode, Parse(text));
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private ServiceProblemException ProblemOf(ServiceAnswer answer) => answer.Body.TextOf("detail") is { } detail
        ? new ServiceProblemException(detail, answer.Status, answer.Code)
        : new ServiceProblemException($"{_options.Url} answered {answer.Status}, and not as this service does. Is it the right address?", answer.Status);
}
