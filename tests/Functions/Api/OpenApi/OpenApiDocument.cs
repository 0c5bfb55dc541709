using System.Text.Json;
using System.Text.Json.Nodes;
using CacheBackup.Core;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api.OpenApi;

/// <summary>Makes the API's description from its routes.</summary>
internal static class OpenApiDocument
{
    /// <summary>OpenAPI 3.1, indented, ending with a new line.</summary>
    public static string Write(IReadOnlyList<Route> routes)
    {
        SchemaWriter schemas = new(new MemberDocs(typeof(Route).Assembly, typeof(PermanentException).Assembly));
        JsonObject problem = schemas.Of(ApiJson.Default.ProblemDetails);
        JsonObject paths = [];
        foreach (IGrouping<string, Route> path in routes.GroupBy(r => $"/{r.Template}").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            paths[path.Key] = new JsonObject(path.OrderBy(r => r.Method, StringComparer.Ordinal)
                .Select(r => KeyValuePair.Create(r.Method.ToLowerInvariant(), (JsonNode?)Operation(r, schemas, problem))));
        }

        JsonObject document = new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Cache Backup",
                ["version"] = "1",
                ["description"] = "Backups that are proven, for any Valkey or Redis OSS. docs/api.md tells the same in words.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "On one machine: the text of the file that serve names." },
                },
                ["schemas"] = new JsonObject(schemas.Components.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
            },
        };
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }

    private static JsonObject Operation(Route route, SchemaWriter schemas, JsonObject problem)
    {
        JsonObject operation = new() { ["operationId"] = IdOf(route), ["summary"] = route.Summary };
        if (route.Template == "health")
        {
            operation["security"] = new JsonArray();
        }

        JsonArray parameters = [.. PathParameters(route), .. route.Query.Select(QueryParameterOf)];
        if (route.Method != "GET")
        {
            parameters.Add(new JsonObject
            {
                ["name"] = IdempotentRequests.KeyHeader,
                ["in"] = "header",
                ["description"] = "Names this request for 24 hours: sent again with the same key, it is done once.",
                ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 64, ["pattern"] = "^[!-~]+$" },
            });
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(ApiResponse.Json, schemas.Of(body, isClosed: true)) };
        }

        operation["responses"] = Responses(route, schemas, problem);
        return operation;
    }

    private static JsonObject Responses(Route route, SchemaWriter schemas, JsonObject problem)
    {
        RouteAnswer answer = route.Answer ?? throw new InvalidOperationException($"{route} does not say what it answers: give it an Answer.");
        JsonObject good = new()
        {
            ["description"] = answer.Status == 202 ? "The job was started; this is the record as it stands." : "The answer.",
            ["content"] = Content(ApiResponse.Json, answer.Type is { } type ? schemas.Of(type) : new JsonObject { ["type"] = "object" }),
        };
        JsonObject responses = new() { [$"{answer.Status}"] = good };
        IEnumerable<ProblemKind> usual = route.Method == "GET" ? [] : [ProblemKinds.RequestInProgress, ProblemKinds.IdempotencyMismatch];
        foreach (IGrouping<int, ProblemKind> status in route.Problems.Append(ProblemKinds.InvalidRequest).Concat(usual).Distinct()
            .OrderBy(k => k.Status).ThenBy(k => k.Code, StringComparer.Ordinal).GroupBy(k => k.Status))
        {
            responses[$"{status.Key}"] = Problem(status, problem);
        }

        responses["default"] = Problem(ProblemKinds.All.Where(k => k.Status is 401 or 403 or 413 or 421 or >= 500), problem);
        return responses;
    }

    private static JsonObject Problem(IEnumerable<ProblemKind> kinds, JsonObject problem)
    {
        ProblemKind[] all = [.. kinds];
        return new JsonObject
        {
            ["description"] = string.Join(' ', all.Select(k => $"`{k.Code}`: {k.Title}")),
            ["content"] = Content(ApiResponse.Problem, (JsonObject)problem.DeepClone()),
            ["x-problem-codes"] = new JsonArray([.. all.Select(k => (JsonNode)k.Code)]),
        };
    }

    private static IEnumerable<JsonNode> PathParameters(Route route) =>
        from segment in route.Template.Split('/')
        where segment.StartsWith('{')
        select new JsonObject
        {
            ["name"] = segment[1..^1],
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Route.MaxNameLength },
        };

    private static JsonNode QueryParameterOf(QueryParameter parameter)
    {
        JsonObject schema = parameter.Range is { } range
            ? new JsonObject { ["type"] = "integer", ["minimum"] = range.Least, ["maximum"] = range.Most }
            : new JsonObject { ["type"] = "string" };
        if (parameter.Words is { } words)
        {
            schema["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]);
        }

        return new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["required"] = parameter.IsRequired, ["description"] = parameter.Summary, ["schema"] = schema };
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    /// <summary><c>POST backups/{name}/restore</c> → <c>postBackupsNameRestore</c>.</summary>
    private static string IdOf(Route route) => route.Method.ToLowerInvariant()
        + string.Concat(route.Template.Split('/', '.', '-').Select(s => s.Trim('{', '}')).Select(s => char.ToUpperInvariant(s[0]) + s[1..]));
}
