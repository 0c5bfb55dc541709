using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>
/// Finds a request's route, holds the request against what the route takes, bounds sizes, heeds idempotency keys, and turns exceptions into
/// problem details.
/// </summary>
/// <param name="requests">Answers requests with an idempotency key; null: keys are refused.</param>
public sealed class Router(IReadOnlyList<Route> routes, IdempotentRequests? requests = null)
{
    /// <summary>Nothing that a route takes is longer.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Longer than any path of ours with the longest names.</summary>
    public const int MaxPathLength = 2048;

    public IReadOnlyList<Route> Routes { get; } = routes;

    /// <param name="failed">Told of every unexpected exception, once.</param>
    public async Task<ApiResponse> HandleAsync(ApiCall call, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            ApiResponse response = await AnswerAsync(call, cancellationToken);
            return call.Method == "HEAD" ? response with { Body = default } : response;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            ApiResponse problem = ApiResponse.Of(e);
            if (problem.Status >= 500)
            {
                failed(e);
            }

            return problem;
        }
    }

    private async Task<ApiResponse> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Body.Length > MaxBodyBytes)
        {
            return ApiResponse.Of(ProblemDetails.Of(
                ProblemKinds.BodyTooLarge, $"A request's body has at most {MaxBodyBytes} bytes; this one has {call.Body.Length}."));
        }

        if (call.Path.Length > MaxPathLength)
        {
            throw new InvalidRequestException($"A path has at most {MaxPathLength} characters; this one has {call.Path.Length}.");
        }

        string[] path = call.Path.Split('/')[1..];
        Route[] matching = call.Path.StartsWith('/') ? [.. Routes.Where(r => r.Matches(path))] : [];
        if (matching.Length == 0)
        {
            return ApiResponse.Of(ProblemDetails.Of(ProblemKinds.NoSuchRoute, "docs/api.md and GET /openapi.json list the paths; a slash at the end is not one of theirs."));
        }

        string method = call.Method == "HEAD" ? "GET" : call.Method;
        if (Array.Find(matching, r => r.Method == method) is not { } route)
        {
            string allowed = string.Join(", ", matching.SelectMany(r => r.Method == "GET" ? ["GET", "HEAD"] : new[] { r.Method }));
            return ApiResponse.Of(ProblemDetails.Of(ProblemKinds.MethodNotAllowed, $"That path takes {allowed}.")).With("allow", allowed);
        }

        ApiRequest request = new(route.ValuesIn(path), QueryText.Parse(call.Query), call.Body);
        QueryText.Check(request.Query, route);
        if (call.IdempotencyKey is not { } key || method == "GET")
        {
            return await route.HandleAsync(request, cancellationToken);
        }

        return requests is not null
            ? await requests.RunAsync(RequestKey.Of(key), route, call, request, cancellationToken)
            : throw new InvalidRequestException($"{IdempotentRequests.KeyHeader} is not taken here.");
    }
}
