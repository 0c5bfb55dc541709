using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CacheBackup.Functions.Api;

/// <summary>What a route answers.</summary>
public sealed record ApiResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body, string? Location = null)
{
    public const string Json = "application/json";
    public const string Problem = "application/problem+json";

    /// <summary>Further headers, names in small letters.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static ApiResponse Of<T>(int status, T body, JsonTypeInfo<T> type, string? location = null) =>
        new(status, Json, JsonSerializer.SerializeToUtf8Bytes(body, type), location);

    public static ApiResponse Of(ProblemDetails problem) =>
        new(problem.Status, Problem, JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ProblemDetails));

    /// <summary>The problem that an exception becomes.</summary>
    public static ApiResponse Of(Exception exception)
    {
        ApiResponse response = Of(ProblemDetails.Of(exception));
        return response.Status == 503 || exception is RequestInProgressException ? response.With("retry-after", "1") : response;
    }

    public ApiResponse With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}
