using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// A function's main loop on the Lambda Runtime API: asks for an invocation, calls the handler, sends its response or its error, and asks
/// again; one at a time. An error of a handler is the invocation's result, never the loop's end.
/// </summary>
public class LambdaBootstrap : IDisposable
{
    // A sandbox may be frozen between two invocations for as long as Lambda keeps it.
    private static readonly TimeSpan NextTimeout = TimeSpan.FromHours(12);

    private readonly HttpClient _httpClient;
    private readonly bool _ownsHttpClient;
    private readonly HandlerWrapper _handler;
    private readonly LambdaBootstrapInitializer? _initializer;
    private readonly LambdaEnvironment _environment;
    private readonly LogOutput _log;
    private readonly ConsoleLambdaLogger _logger;
    private readonly TimeProvider _time;
    private readonly RuntimeApiClient _client;

    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions, LambdaBootstrapInitializer? initializer = null)
        : this(LoopbackClient(), handlerWrapper, lambdaBootstrapOptions, initializer) => _ownsHttpClient = true;

    public LambdaBootstrap(
        HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions, LambdaBootstrapInitializer? initializer = null)
        : this(
            httpClient,
            handlerWrapper,
            LambdaEnvironment.Read(Environment.GetEnvironmentVariable, lambdaBootstrapOptions.RuntimeApiEndpoint),
            LogOutput.FromEnvironment(Console.Out, Environment.GetEnvironmentVariable, TimeProvider.System),
            TimeProvider.System,
            initializer)
    {
    }

    internal LambdaBootstrap(
        HttpClient httpClient,
        HandlerWrapper handler,
        LambdaEnvironment environment,
        LogOutput log,
        TimeProvider time,
        LambdaBootstrapInitializer? initializer = null)
    {
        _httpClient = httpClient;
        _httpClient.Timeout = NextTimeout;
        _handler = handler;
        _initializer = initializer;
        _environment = environment;
        _log = log;
        _logger = new ConsoleLambdaLogger(log);
        _time = time;
        _client = new RuntimeApiClient(httpClient, environment.RuntimeApi, time);
    }

    /// <summary>
    /// Initialises, then serves invocations until <paramref name="cancellationToken"/> is cancelled; an invocation under way is finished
    /// and answered first. In Lambda nothing cancels it.
    /// </summary>
    /// <exception cref="RuntimeApiClientException">The Runtime API is in a state after which the process is to exit.</exception>
    /// <exception cref="HttpRequestException">The Runtime API cannot be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        HeapLimit.Apply(_environment.MemoryLimitInMB, Environment.GetEnvironmentVariable);
        if (!await InitializeAsync().ConfigureAwait(false))
        {
            return;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            using var invocation = await NextAsync(cancellationToken).ConfigureAwait(false);
            if (invocation is not null)
            {
                await InvokeAsync(invocation).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        if (_ownsHttpClient)
        {
            _httpClient.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    // The API is on loopback: a proxy that the environment names for the function's own calls must not carry it.
    private static HttpClient LoopbackClient() => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return _initializer is null || await _initializer().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _log.Write(LogLevel.Critical, exception, "The function could not be initialised.");
            await _client.SendInitializationErrorAsync(LambdaError.Of(exception), CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next invocation; null when the wait was cancelled or ran into its time-out.</summary>
    private async Task<InvocationRequest?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (headers, payload) = await _client.NextAsync(cancellationToken).ConfigureAwait(false);
            return new InvocationRequest(
                new MemoryStream(payload, writable: false), new LambdaContext(headers, _environment, _logger, _handler.Serializer, _time));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task InvokeAsync(InvocationRequest invocation)
    {
        var headers = ((LambdaContext)invocation.LambdaContext).Headers;
        _log.Invocation = headers;

        // Null removes what the invocation before had left: the AWS SDK puts this variable's value on its requests.
        Environment.SetEnvironmentVariable(LambdaEnvironment.TraceIdVariable, headers.TraceId);
        try
        {
            await AnswerAsync(invocation, headers.AwsRequestId).ConfigureAwait(false);
        }
        finally
        {
            _log.Invocation = null;
        }
    }

    // Nothing here takes the loop's token: an invocation that a handler has finished is answered even when the loop is to end.
    private async Task AnswerAsync(InvocationRequest invocation, string requestId)
    {
        InvocationResponse response;
        try
        {
            response = await _handler.Handler(invocation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _log.Write(LogLevel.Error, exception, "The handler failed.");
            LogRefusal(await _client.SendErrorAsync(requestId, LambdaError.Of(exception), CancellationToken.None).ConfigureAwait(false));
            return;
        }

        await RespondAsync(requestId, response).ConfigureAwait(false);
    }

    private async Task RespondAsync(string requestId, InvocationResponse response)
    {
        try
        {
            var answer = await _client.SendResponseAsync(requestId, response.OutputStream, CancellationToken.None).ConfigureAwait(false);
            if (answer.IsTooLarge)
            {
                var error = LambdaError.ResponseTooLarge;
                _log.Write(LogLevel.Error, null, error.ErrorMessage);
                answer = await _client.SendErrorAsync(requestId, error, CancellationToken.None).ConfigureAwait(false);
            }

            LogRefusal(answer);
        }
        finally
        {
            if (response.DisposeOutputStream)
            {
                await response.OutputStream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // 400 and 403: the invocation is no longer the current one, for instance because it had timed out. The next may well be fine.
    private void LogRefusal(RuntimeApiAnswer answer)
    {
        if (!answer.IsAccepted)
        {
            _log.Write(
                LogLevel.Error, null, "The Runtime API refused the invocation's result with status {status}: its caller sees a time-out.", answer.StatusCode);
        }
    }
}
