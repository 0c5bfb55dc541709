using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Signing;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Api;

/// <summary>
/// Signed calls to one service, tried again while the failure may pass. One instance serves a whole process: its connections are kept
/// and shared by all calls. Nothing is looked up before the first call.
/// </summary>
public sealed class AwsApi : IDisposable
{
    private readonly AwsApiOptions _options;
    private readonly TimeProvider _time;
    private readonly AWSCredentials? _credentials;
    private readonly Lock _opening = new();
    private HttpClient? _client;

    private AwsApi(AwsService service, AwsApiOptions options, TimeProvider time, AWSCredentials? credentials) =>
        (Service, _options, _time, _credentials) = (service, options, time, credentials);

    public AwsService Service { get; }

    /// <summary>Makes the way to a service.</summary>
    /// <param name="time">The clock of waits.</param>
    /// <param name="credentials">Null: from the SDK's chain (environment, profile, role).</param>
    public static AwsApi Open(AwsService service, AwsApiOptions options, TimeProvider time, AWSCredentials? credentials = null) =>
        new(service, options, time, credentials);

    public void Dispose() => _client?.Dispose();

    /// <summary>The answer to a call; errors that stay are told by <paramref name="fail"/>.</summary>
    /// <param name="read">Reads the error's code and text from an answer that is none of success.</param>
    /// <param name="fail">Makes the exception for an error that stays.</param>
    /// <exception cref="StoreUnavailableException">Throttled, not answered or 5xx, as often as it was tried.</exception>
    internal async Task<AwsReply> SendAsync(
        AwsRequest request, Func<AwsReply, AwsError> read, Func<AwsFailure, Exception> fail, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            StoreUnavailableException passing;
            try
            {
                AwsReply reply = await SendOnceAsync(request, cancellationToken);
                if (reply.IsSuccess)
                {
                    return reply;
                }

                AwsFailure failure = FailureOf(request, reply, read(reply));
                passing = failure.IsPassing ? new StoreUnavailableException($"{failure}. Try again.") : throw fail(failure);
            }
            catch (StoreUnavailableException unanswered)
            {
                passing = unanswered;
            }

            TimeSpan delay = DelayBefore(attempt);
            bool isLast = attempt >= _options.Attempts || _time.GetElapsedTime(began) + delay >= _options.LastAttempt;
            if (isLast || passing.InnerException is NoConnectionException)
            {
                throw passing;
            }

            await Task.Delay(delay, _time, cancellationToken);
        }
    }

    /// <summary>The usual exception for an error that stays.</summary>
    internal static Exception Refused(AwsFailure failure)
    {
        if (failure.AreCredentials)
        {
            return new AwsAccessDeniedException(
                failure, $"{failure}: the credentials are not taken. Sign in again, or set those of the role; look at this machine's clock, too.");
        }

        return failure.IsAccess
            ? new AwsAccessDeniedException(failure, $"{failure}. Allow {failure.IamAction} to this role, and the use of its KMS key where one is set.")
            : new AwsServiceException(failure, $"{failure}{(failure.Text is null ? "." : $": {failure.Text}")}");
    }

    private AwsFailure FailureOf(AwsRequest request, AwsReply reply, AwsError error) => new()
    {
        Service = Service,
        Action = request.Action,
        Status = reply.Status,
        Code = error.Code,
        Text = error.Text,
        RequestId = reply.RequestId ?? error.RequestId,
    };

    private async Task<AwsReply> SendOnceAsync(AwsRequest request, CancellationToken cancellationToken)
    {
        (HttpClient client, Uri address) = Client();
        using CancellationTokenSource timeout = new(_options.AnswerTimeout, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpRequestMessage message = MessageOf(request, address);
            using HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return new AwsReply(
                response.StatusCode,
                HeaderOf(response, "x-amzn-RequestId") ?? HeaderOf(response, "x-amz-request-id"),
                HeaderOf(response, "x-amzn-ErrorType"),
                await ReadAsync(request, response, linked.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler's own limit, that of connecting, ends a request without any of our tokens.
            throw timeout.IsCancellationRequested
                ? Unanswered(request, $"did not answer {request.Action} within {Seconds(_options.AnswerTimeout)}", e)
                : NotConnected(request, $"no connection within {Seconds(_options.ConnectTimeout)}", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw NotConnected(request, $"no connection ({e.HttpRequestError})", e);
        }
        catch (SocketException e)
        {
            throw NotConnected(request, $"no connection ({e.SocketErrorCode})", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unanswered(request, $"broke off {request.Action} ({(e as HttpRequestException)?.HttpRequestError.ToString() ?? e.GetType().Name})", e);
        }
        catch (AmazonClientException e)
        {
            throw new StoreAccessDeniedException(
                $"There are no AWS credentials to call {Service}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role.", e);
        }
    }

    private (HttpClient Client, Uri Address) Client()
    {
        lock (_opening)
        {
            if (_client is null)
            {
                RegionEndpoint region = _options.FindRegion();
                AWSCredentials credentials = _credentials ?? FindCredentials();

                // A redirect would go out with a signature for another host; none of these services redirects.
                SocketsHttpHandler transport = new()
                {
                    AllowAutoRedirect = false,
                    ConnectTimeout = _options.ConnectTimeout,
                    PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
                    UseCookies = false,
                };
                _client = new HttpClient(new SigV4SigningHandler(credentials, region, Service.Prefix, transport))
                {
                    BaseAddress = _options.AddressOf(Service, region),
                    Timeout = Timeout.InfiniteTimeSpan,
                };
            }

            return (_client, _client.BaseAddress!);
        }
    }

    private AWSCredentials FindCredentials()
    {
        try
        {
            return new DefaultAWSCredentialsIdentityResolver().ResolveIdentity(null);
        }
        catch (AmazonClientException e)
        {
            throw new StoreAccessDeniedException(
                $"There are no AWS credentials to call {Service}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role.", e);
        }
    }

    private static HttpRequestMessage MessageOf(AwsRequest request, Uri address)
    {
        HttpRequestMessage message = new(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(request.Body) };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        if (request.Target is { } target)
        {
            message.Headers.Add("X-Amz-Target", target);
        }

        return message;
    }

    /// <summary>The body, never more of it than allowed, whatever the answer says of its length.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadAsync(AwsRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream body = new();
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > _options.MaxReplyBytes)
            {
                AwsFailure failure = FailureOf(request, new AwsReply(response.StatusCode, null, null, default), new AwsError("", null, null));
                throw new AwsServiceException(
                    failure, $"{Service} answered {request.Action} with more than {_options.MaxReplyBytes} bytes. Ask for less at a time.");
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private StoreUnavailableException NotConnected(AwsRequest request, string what, Exception cause) => new(
        $"{Service} cannot be reached to {request.Action}: {what}. A function in a VPC needs an interface endpoint for "
        + $"{Service.Prefix} there, with a security group that lets it in; elsewhere look at the network and at AWS_ENDPOINT_URL_{Service.Setting}.",
        new NoConnectionException(cause));

    private StoreUnavailableException Unanswered(AwsRequest request, string what, Exception cause) =>
        new($"{Service} {what}. Whether it took effect is not known; try again.", cause);

    /// <summary>Anything from none to the doubled limit.</summary>
    private TimeSpan DelayBefore(int attempt)
    {
        double limit = Math.Min(_options.RetryDelay.TotalSeconds * Math.Pow(2, attempt - 1), _options.LongestRetryDelay.TotalSeconds);
        return TimeSpan.FromSeconds(limit * Random.Shared.NextDouble());
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    /// <summary>Marks what another attempt would only wait for again.</summary>
    private sealed class NoConnectionException(Exception cause) : Exception(cause.Message, cause);
}
