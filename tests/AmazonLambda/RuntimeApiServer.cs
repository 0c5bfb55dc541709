using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CacheBackup.AmazonLambda.Tests;

/// <summary>The Lambda Runtime API on loopback: hands out the invocations that a test queues, and keeps what comes back.</summary>
public sealed class RuntimeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<RuntimeInvocation> _queue = Channel.CreateUnbounded<RuntimeInvocation>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RuntimeResult>> _results = new();
    private int _nextRequests;

    private RuntimeApiServer(WebApplication app) => _app = app;

    /// <summary><c>host:port</c>, as <c>AWS_LAMBDA_RUNTIME_API</c> has it.</summary>
    public string Endpoint { get; private set; } = string.Empty;

    public int NextStatus { get; set; } = StatusCodes.Status200OK;

    public int ResponseStatus { get; set; } = StatusCodes.Status202Accepted;

    public int ErrorStatus { get; set; } = StatusCodes.Status202Accepted;

    /// <summary>How long a result is waited for.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    public int NextRequests => Volatile.Read(ref _nextRequests);

    /// <summary>Every result in the order in which it came, as <c>response id</c>, <c>error id</c> or <c>init error</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public static async Task<RuntimeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var server = new RuntimeApiServer(builder.Build());
        server.Map();
        await server._app.StartAsync();
        server.Endpoint = new Uri(server._app.Urls.Single()).Authority;
        return server;
    }

    public void Queue(RuntimeInvocation invocation) => Assert.True(_queue.Writer.TryWrite(invocation));

    /// <summary>Queues one event and waits for what the function answers.</summary>
    public async Task<RuntimeResult> InvokeAsync(string payload, string requestId = "request-1", long? deadlineMs = null, string? traceId = null)
    {
        var headers = new Dictionary<string, string>();
        if (deadlineMs is not null)
        {
            headers["Lambda-Runtime-Deadline-Ms"] = deadlineMs.Value.ToString(CultureInfo.InvariantCulture);
        }

        if (traceId is not null)
        {
            headers["Lambda-Runtime-Trace-Id"] = traceId;
        }

        Queue(new RuntimeInvocation(requestId, System.Text.Encoding.UTF8.GetBytes(payload)) { Headers = headers });
        return await ResultAsync(requestId);
    }

    /// <summary>The first result of an invocation that the API accepted; <c>init</c> is the name of a failed start.</summary>
    public Task<RuntimeResult> ResultAsync(string requestId) =>
        Result(requestId).Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private TaskCompletionSource<RuntimeResult> Result(string requestId) =>
        _results.GetOrAdd(requestId, _ => new TaskCompletionSource<RuntimeResult>(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Map()
    {
        const string root = "/2018-06-01/runtime";
        _app.MapGet($"{root}/invocation/next", NextAsync);
        _app.MapPost($"{root}/invocation/{{id}}/response", (HttpContext http, string id) => TakeAsync(http, "response", id, ResponseStatus));
        _app.MapPost($"{root}/invocation/{{id}}/error", (HttpContext http, string id) => TakeAsync(http, "error", id, ErrorStatus));
        _app.MapPost($"{root}/init/error", (HttpContext http) => TakeAsync(http, "init error", "init", ErrorStatus));
    }

    private async Task NextAsync(HttpContext http)
    {
        Interlocked.Increment(ref _nextRequests);
        if (NextStatus != StatusCodes.Status200OK)
        {
            http.Response.StatusCode = NextStatus;
            return;
        }

        var invocation = await _queue.Reader.ReadAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        http.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        foreach (var (name, value) in invocation.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.Body.WriteAsync(invocation.Payload, http.RequestAborted);
    }

    private async Task TakeAsync(HttpContext http, string kind, string id, int status)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        Calls.Enqueue(kind == "init error" ? kind : $"{kind} {id}");
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(status == StatusCodes.Status202Accepted ? "{\"status\":\"OK\"}" : "{\"errorType\":\"Refused\",\"errorMessage\":\"no\"}", http.RequestAborted);
        if (status == StatusCodes.Status202Accepted)
        {
            Result(id).TrySetResult(new RuntimeResult(
                kind, http.Request.ContentType, http.Request.Headers["Lambda-Runtime-Function-Error-Type"], body.ToArray()));
        }
    }
}
