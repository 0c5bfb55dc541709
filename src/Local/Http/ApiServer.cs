using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Functions.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CacheBackup.Local.Http;

/// <summary>
/// The local stand-in of API Gateway: a socket on loopback, turned into the same proxy events for the same handler. Who may call: holders
/// of the token, by a Host that names this machine, and no web page of another origin.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private const string Scheme = "Bearer";

    private readonly WebApplication _app;
    private readonly byte[] _token;
    private readonly SignedDownloads? _downloads;
    private readonly Func<APIGatewayHttpApiV2ProxyRequest, ILambdaContext, Task<APIGatewayHttpApiV2ProxyResponse>> _handle;
    private readonly Func<ILambdaContext> _newContext;

    private ApiServer(
        WebApplication app,
        ApiServerOptions options,
        Func<APIGatewayHttpApiV2ProxyRequest, ILambdaContext, Task<APIGatewayHttpApiV2ProxyResponse>> handle,
        Func<ILambdaContext> newContext)
    {
        _app = app;
        _token = Encoding.UTF8.GetBytes(options.Token);
        _downloads = options.Downloads;
        _handle = handle;
        _newContext = newContext;
        app.Run(AnswerAsync);
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="InvalidRequestException">The address is not a loopback one, or is taken.</exception>
    public static async Task<ApiServer> StartAsync(
        ApiServerOptions options,
        Func<APIGatewayHttpApiV2ProxyRequest, ILambdaContext, Task<APIGatewayHttpApiV2ProxyResponse>> handle,
        Func<ILambdaContext> newContext,
        CancellationToken cancellationToken)
    {
        IPEndPoint address = AddressOf(options.Url);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Router.MaxBodyBytes + 1;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        ApiServer server = new(builder.Build(), options, handle, newContext);
        try
        {
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch (IOException e)
        {
            await server.DisposeAsync();
            throw new InvalidRequestException($"{options.Url} cannot be listened on: {e.Message} Choose another port with --urls.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static IPEndPoint AddressOf(Uri url)
    {
        IPAddress? address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? parsed) ? parsed : null;
        return url.Scheme == Uri.UriSchemeHttp && address is not null && IPAddress.IsLoopback(address)
            ? new IPEndPoint(address, url.Port)
            : throw new InvalidRequestException($"{url} is not an http:// address on loopback. This API is for this machine alone: use 127.0.0.1.");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (_downloads is { } downloads && SignedDownloads.IsFor(http.Request) && CallerRefusal(http.Request) is null)
        {
            await downloads.AnswerAsync(http);
            return;
        }

        if (Refusal(http.Request) is { } problem)
        {
            if (problem.Code == ProblemKinds.NoToken.Code)
            {
                http.Response.Headers.WWWAuthenticate = Scheme;
            }

            await WriteAsync(http, ApiResponse.Of(problem));
            return;
        }

        byte[]? body = await ReadBodyAsync(http.Request, http.RequestAborted);
        if (body is null)
        {
            await WriteAsync(http, ApiResponse.Of(ProblemDetails.Of(
                ProblemKinds.BodyTooLarge, $"A request's body has at most {Router.MaxBodyBytes} bytes.")));
            return;
        }

        string path;
        try
        {
            // API Gateway decodes it before a function sees it, and so it is done here: %2F parts two segments on both.
            path = PercentText.Decode(TargetOf(http), "path");
        }
        catch (InvalidRequestException e)
        {
            await WriteAsync(http, ApiResponse.Of(e));
            return;
        }

        APIGatewayHttpApiV2ProxyResponse answer = await _handle(EventOf(http, path, body), _newContext());
        http.Response.StatusCode = answer.StatusCode;
        foreach ((string name, string value) in answer.Headers ?? new Dictionary<string, string>())
        {
            http.Response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.WriteAsync(answer.Body ?? string.Empty, http.RequestAborted);
        }
    }

    private ProblemDetails? Refusal(HttpRequest request) => CallerRefusal(request) ?? TokenRefusal(request);

    private static ProblemDetails? CallerRefusal(HttpRequest request)
    {
        if (!IsThisMachine(request.Host.Host))
        {
            return ProblemDetails.Of(ProblemKinds.WrongHost, "Call this API by 127.0.0.1, [::1] or localhost.");
        }

        if (request.Headers.Origin is [{ } origin, ..] && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value))
        {
            return ProblemDetails.Of(ProblemKinds.ForeignOrigin, "Call from a program, or from the API's own origin.");
        }

        return null;
    }

    private ProblemDetails? TokenRefusal(HttpRequest request)
    {
        return IsHealth(request) || HasToken(request)
            ? null
            : ProblemDetails.Of(
                ProblemKinds.NoToken, "Send Authorization: Bearer with the text of the token file that serve names at its start.");
    }

    /// <summary>Watchers that hold no token may ask whether the service answers.</summary>
    private static bool IsHealth(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && TargetOf(request.HttpContext) == "/health";

    private bool HasToken(HttpRequest request)
    {
        // RFC 9110: the scheme's name is compared without regard to case, the token is not.
        string sent = request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase)
            ? header[(Scheme.Length + 1)..].Trim(' ')
            : string.Empty;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), _token);
    }

    private static bool IsThisMachine(string host) =>
        host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    // RawTarget keeps escapes as they were sent.
    private static string TargetOf(HttpContext http) =>
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Router.MaxBodyBytes + 1];
        int length = 0;
        try
        {
            int read;
            while (length < buffer.Length && (read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
            }
        }
        catch (BadHttpRequestException)
        {
            return null;
        }

        return length > Router.MaxBodyBytes ? null : buffer[..length];
    }

    private static APIGatewayHttpApiV2ProxyRequest EventOf(HttpContext http, string path, byte[] body) =>
        new()
        {
            Version = "2.0",
            RouteKey = "$default",
            RawPath = path,
            RawQueryString = http.Request.QueryString.Value?.TrimStart('?') ?? string.Empty,
            Headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            QueryStringParameters = http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()),
            Body = body.Length == 0 ? null : Convert.ToBase64String(body),
            IsBase64Encoded = body.Length > 0,
            RequestContext = new APIGatewayHttpApiV2ProxyRequest.ProxyRequestContext
            {
                RequestId = http.TraceIdentifier,
                Stage = "$default",
                Http = new APIGatewayHttpApiV2ProxyRequest.HttpDescription
                {
                    Method = http.Request.Method,
                    Path = path,
                    Protocol = http.Request.Protocol,
                    SourceIp = http.Connection.RemoteIpAddress?.ToString(),
                    UserAgent = http.Request.Headers.UserAgent.ToString(),
                },
            },
        };

    private static async Task WriteAsync(HttpContext http, ApiResponse answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.Headers.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(answer.Body);
        }
    }
}
