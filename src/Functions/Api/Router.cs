namespace CacheBackup.Functions.Api;

/// <summary>Finds a request's route, bounds its size, and turns exceptions into problem details.</summary>
public sealed class Router(IReadOnlyList<Route> routes)
{
    /// <summary>Nothing that a route takes is longer.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public IReadOnlyList<Route> Routes { get; } = routes;

    /// <param name="failed">Told of every unexpected exception, once.</param>
    public async Task<ApiResponse> HandleAsync(
        string method, string path, IReadOnlyDictionary<string, string> query, ReadOnlyMemory<byte> body, Action<Exception> failed, CancellationToken cancellationToken)
    {
        if (body.Length > MaxBodyBytes)
        {
            return ApiResponse.Of(ProblemDetails.Create(
                413, "body-too-large", "The body is too large.", $"A request's body has at most {MaxBodyBytes} bytes; this one has {body.Length}."));
        }

        string[] segments = path.Trim('/').Split('/');
        bool pathIsKnown = false;
        foreach (Route route in Routes)
        {
            if (route.Match(segments) is not { } values)
            {
                continue;
            }

            pathIsKnown = true;
            if (route.Method == method)
            {
                return await RunAsync(route, new ApiRequest(values, query, body), failed, cancellationToken);
            }
        }

        return ApiResponse.Of(pathIsKnown
            ? ProblemDetails.Create(405, "method-not-allowed", "The method does not fit.", $"{method} is not for that path.")
            : ProblemDetails.Create(404, "no-such-route", "There is no such path.", "docs/api.md lists the paths."));
    }

    private static async Task<ApiResponse> RunAsync(Route route, ApiRequest request, Action<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            return await route.HandleAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            ProblemDetails problem = ProblemDetails.Of(e);
            if (problem.Status >= 500)
            {
                failed(e);
            }

            return ApiResponse.Of(problem);
        }
    }
}
