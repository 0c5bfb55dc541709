using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api.OpenApi;

/// <summary>docs/openapi.json is made from the routes, served as it stands there, and right by the rules of OpenAPI 3.1.</summary>
public sealed class OpenApiTests
{
    private const string WriteVariable = "OPENAPI";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];
    private static readonly string StoredPath = Checkout.PathOf("docs", "openapi.json");
    private static readonly MemoryService Service = new(TimeProvider.System);
    private static readonly IReadOnlyList<Route> Routes = ApiFunction.RoutesOn(Service.Parts, "1");
    private static readonly Lazy<string> Made = new(() => OpenApiDocument.Write(Routes));

    public static TheoryData<string> RouteNames => [.. Routes.Select(r => r.ToString())];

    [Theory]
    [MemberData(nameof(RouteNames))]
    public void Every_route_says_what_it_does_and_what_it_answers(string name)
    {
        Route route = Routes.Single(r => r.ToString() == name);
        Assert.True(
            route is { Summary.Length: > 0, Answer: not null },
            $$"""{{name}} is not described. Behind new("…", "…", …) put { Summary = "…", Answer = new(200, ApiJson.Default.…) }, with Body, Query and Problems where it has them.""");
        Assert.True(route.Body is null || route.Method != "GET", $"{name} takes a body, and GET has none.");
    }

    [Fact]
    public void Stored_description_is_made_from_the_routes()
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "write")
        {
            File.WriteAllText(StoredPath, Made.Value);
            return;
        }

        Assert.True(
            File.ReadAllText(StoredPath) == Made.Value,
            $"docs/openapi.json is not what the routes say. Run this test once with {WriteVariable}=write, look at the difference, and build again.");
    }

    [Fact]
    public async Task Served_description_is_the_stored_one()
    {
        APIGatewayHttpApiV2ProxyRequest request = new() { RawPath = "/openapi.json", RequestContext = new() { Http = new() { Method = "GET" } } };
        APIGatewayHttpApiV2ProxyResponse answer = await new ApiFunction(Service.Parts, "1").HandleAsync(request, new InvocationContext());
        Assert.Equal((200, ApiResponse.Json), (answer.StatusCode, answer.Headers!["content-type"]));
        Assert.Equal(File.ReadAllText(StoredPath), answer.Body);
    }

    [Fact]
    public void Every_route_is_an_operation_and_every_operation_a_route()
    {
        IEnumerable<string> operations = Document().GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(Routes.Select(r => r.ToString()).Order(), operations.Order());
    }

    [Fact]
    public void Document_has_what_the_specification_requires()
    {
        JsonElement document = Document();
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(document.GetProperty("info").GetProperty("title").GetString()!);
        Assert.NotEmpty(document.GetProperty("info").GetProperty("version").GetString()!);
        List<string> ids = [];
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            Assert.StartsWith("/", path.Name, StringComparison.Ordinal);
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.Contains(operation.Name, Methods);
                ids.Add(operation.Value.GetProperty("operationId").GetString()!);
                AssertParameters(path.Name, operation.Value);
                AssertResponses(operation.Value.GetProperty("responses"));
            }
        }

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Every_reference_leads_to_a_schema_and_every_schema_is_referred_to()
    {
        JsonNode document = JsonNode.Parse(Made.Value)!;
        string[] references = [.. ReferencesIn(document).Distinct()];
        IEnumerable<string> schemas = document["components"]!["schemas"]!.AsObject().Select(s => $"#/components/schemas/{s.Key}");
        Assert.Equal(schemas.Order(), references.Order());
    }

    private static void AssertParameters(string path, JsonElement operation)
    {
        JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement list) ? [.. list.EnumerateArray()] : [];
        Assert.All(parameters, p => Assert.True(p.TryGetProperty("schema", out _)));
        Assert.Equal(parameters.Length, parameters.Select(p => (p.GetProperty("in").GetString(), p.GetProperty("name").GetString())).Distinct().Count());
        IEnumerable<string> inPath = parameters.Where(p => p.GetProperty("in").GetString() == "path" && p.GetProperty("required").GetBoolean())
            .Select(p => p.GetProperty("name").GetString()!);
        Assert.Equal(path.Split('/').Where(s => s.StartsWith('{')).Select(s => s[1..^1]), inPath);
    }

    private static void AssertResponses(JsonElement responses)
    {
        Assert.All(responses.EnumerateObject(), response =>
        {
            Assert.True(response.Name == "default" || (int.TryParse(response.Name, out int status) && status is >= 200 and < 600), response.Name);
            Assert.NotEmpty(response.Value.GetProperty("description").GetString()!);
        });
        Assert.Contains(responses.EnumerateObject(), response => response.Name.StartsWith('2'));
    }

    private static IEnumerable<string> ReferencesIn(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Key == "$ref" ? [m.Value!.GetValue<string>()] : ReferencesIn(m.Value)),
        JsonArray items => items.SelectMany(ReferencesIn),
        _ => [],
    };

    private static JsonElement Document()
    {
        using JsonDocument document = JsonDocument.Parse(Made.Value);
        return document.RootElement.Clone();
    }
}
