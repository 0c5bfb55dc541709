using System.Text.Json;

namespace CacheBackup.Fixtures.OpenApi;

/// <summary>The API's description, <c>docs/openapi.json</c>, which answers are held against.</summary>
public sealed class ApiDescription
{
    private const string Problem = "application/problem+json";
    private readonly JsonElement _document;

    public ApiDescription(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        _document = document.RootElement.Clone();
    }

    /// <summary>The one of the checkout that the tests were built from.</summary>
    public static ApiDescription Stored { get; } = new(File.ReadAllText(FindFile()));

    /// <summary>What the description does not say of an answer, empty where it says all of it.</summary>
    /// <param name="path">As it was sent; a query is left out.</param>
    public IReadOnlyList<string> Violations(string method, string path, int status, JsonElement body)
    {
        string plain = path.Split('?')[0];
        if (CodeOf(body) is "no-such-route" or "method-not-allowed")
        {
            return [];
        }

        if (FindOperation(method == "HEAD" ? "get" : method.ToLowerInvariant(), plain) is not { } operation)
        {
            return [$"{method} {plain} is not described"];
        }

        JsonElement responses = operation.GetProperty("responses");
        bool isStated = responses.TryGetProperty($"{status}", out JsonElement response);
        if (status < 400)
        {
            return isStated ? Check(response, "application/json", body) : [$"{method} {plain}: {status} is not described"];
        }

        return (isStated && Codes(response).Contains(CodeOf(body))) || Codes(response = responses.GetProperty("default")).Contains(CodeOf(body))
            ? Check(response, Problem, body)
            : [$"{method} {plain}: {status} {CodeOf(body)} is not described"];
    }

    private IReadOnlyList<string> Check(JsonElement response, string contentType, JsonElement body)
    {
        SchemaCheck check = new(_document);
        check.Check(response.GetProperty("content").GetProperty(contentType).GetProperty("schema"), body, "$");
        return check.Violations;
    }

    private JsonElement? FindOperation(string method, string path)
    {
        string[] segments = path.Split('/');
        foreach (JsonProperty described in _document.GetProperty("paths").EnumerateObject())
        {
            string[] template = described.Name.Split('/');
            if (template.Length == segments.Length
                && template.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
                && described.Value.TryGetProperty(method, out JsonElement operation))
            {
                return operation;
            }
        }

        return null;
    }

    private static IEnumerable<string?> Codes(JsonElement response) => response.GetProperty("x-problem-codes").EnumerateArray().Select(c => c.GetString());

    private static string? CodeOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;

    private static string FindFile()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
            {
                return Path.Combine(folder.FullName, "docs", "openapi.json");
            }
        }

        throw new DirectoryNotFoundException($"No Serverless.sln above {AppContext.BaseDirectory}: run the tests from their checkout.");
    }
}
