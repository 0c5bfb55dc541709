using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The five calls of the Lambda Runtime API, version 2018-06-01. Source: Lambda developer guide, "Using the Lambda runtime API".</summary>
internal sealed class RuntimeApiClient(HttpClient http, string runtimeApi, TimeProvider time)
{
    /// <summary>Bytes of an event that are taken at most: Lambda's own limit of 6 MB, with room for it to grow.</summary>
    public const int MaxEventBytes = 32 << 20;

    private readonly string _base = $"http://{runtimeApi}/2018-06-01/runtime";

    /// <summary>Waits for the next invocation.</summary>
    /// <exception cref="RuntimeApiClientException">The API answered with anything but an event.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the client's time-out passed without an event.</exception>
    public async Task<(InvocationHeaders Headers, byte[] Payload)> NextAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_base}/invocation/next");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Fatal("the request for the next invocation", response);
        }

        await response.Content.LoadIntoBufferAsync(MaxEventBytes, cancellationToken).ConfigureAwait(false);
        return (InvocationHeaders.Read(response.Headers, time.GetUtcNow()), await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sends a response, from the stream's position to its end; the stream stays open.</summary>
    /// <exception cref="RuntimeApiClientException">The API failed (500): the process is to exit.</exception>
    public async Task<RuntimeApiAnswer> SendResponseAsync(string requestId, Stream response, CancellationToken cancellationToken)
    {
        // StreamContent disposes its stream, which here belongs to the caller.
        using var content = new StreamContent(new UndisposedStream(response));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await PostAsync($"invocation/{Uri.EscapeDataString(requestId)}/response", content, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the error that an invocation ended in.</summary>
    /// <exception cref="RuntimeApiClientException">The API failed (500): the process is to exit.</exception>
    public Task<RuntimeApiAnswer> SendErrorAsync(string requestId, LambdaError error, CancellationToken cancellationToken) =>
        SendErrorToAsync($"invocation/{Uri.EscapeDataString(requestId)}/error", error, cancellationToken);

    /// <summary>Says that the process could not start; it is to exit after this.</summary>
    /// <exception cref="RuntimeApiClientException">The API failed (500): the process is to exit.</exception>
    public Task<RuntimeApiAnswer> SendInitializationErrorAsync(LambdaError error, CancellationToken cancellationToken) =>
        SendErrorToAsync("init/error", error, cancellationToken);

    private async Task<RuntimeApiAnswer> SendErrorToAsync(string path, LambdaError error, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(error.ToJson());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json");
        return await PostAsync(path, content, error.ErrorType, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RuntimeApiAnswer> PostAsync(string path, HttpContent content, string? errorType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_base}/{path}") { Content = content };
        if (errorType is not null)
        {
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", HeaderText(errorType));
        }

        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.InternalServerError
            ? throw Fatal("an invocation's result", response)
            : new RuntimeApiAnswer((int)response.StatusCode);
    }

    // C# names may hold any letter, a header only ASCII; the body carries the name as it is.
    private static string HeaderText(string errorType) =>
        string.Create(errorType.Length, errorType, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = source[i] is > ' ' and <= '~' ? source[i] : '?';
            }
        });

    private static RuntimeApiClientException Fatal(string what, HttpResponseMessage response) =>
        new($"The Runtime API answered {what} with status {(int)response.StatusCode}; the process exits.", (int)response.StatusCode);
}
