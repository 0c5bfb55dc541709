using System.Text.Json;
using System.Text.Json.Nodes;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// What a bucket's policy allows a service or a role. As much of the language as answers "is this granted at all": an Allow counts whatever
/// its conditions, a Deny only where it has none.
/// </summary>
public sealed class BucketPolicy
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 32 };

    private readonly List<JsonElement> _statements = [];

    private BucketPolicy()
    {
    }

    /// <param name="json">Null, or what is no policy: nothing is granted.</param>
    public static BucketPolicy Parse(string? json)
    {
        var policy = new BucketPolicy();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json ?? "{}", Limits);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Statement", out JsonElement statements))
            {
                policy._statements.AddRange(Each(statements).Where(each => each.ValueKind == JsonValueKind.Object).Select(each => each.Clone()));
            }
        }
        catch (JsonException)
        {
            // S3 keeps no such thing; what cannot be read grants nothing.
        }

        return policy;
    }

    /// <summary>A policy document with one statement that allows.</summary>
    /// <param name="principalKind"><c>Service</c> or <c>AWS</c>; null: a role's own policy, which has no principal.</param>
    public static string Allowing(string? principalKind, string? principal, IEnumerable<string> actions, IEnumerable<string> resources)
    {
        var statement = new JsonObject { ["Effect"] = "Allow" };
        if (principalKind is not null)
        {
            statement["Principal"] = new JsonObject { [principalKind] = principal };
        }

        statement["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]);
        statement["Resource"] = new JsonArray([.. resources.Select(resource => JsonValue.Create(resource))]);
        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray(statement) }.ToJsonString();
    }

    public bool Allows(string service, string action, string resource) =>
        _statements.Any(each => Is(each, "Allow") && Concerns(each, service, action, resource))
        && !_statements.Any(each => Is(each, "Deny") && !each.TryGetProperty("Condition", out _) && Concerns(each, service, action, resource));

    private static bool Is(JsonElement statement, string effect) =>
        statement.TryGetProperty("Effect", out JsonElement found) && found.ValueKind == JsonValueKind.String && found.GetString() == effect;

    private static bool Concerns(JsonElement statement, string service, string action, string resource) =>
        statement.TryGetProperty("Principal", out JsonElement principal) && Names(principal, service)
        && Texts(statement, "Action").Any(pattern => Matches(pattern, action, StringComparison.OrdinalIgnoreCase))
        && Texts(statement, "Resource").Any(pattern => Matches(pattern, resource, StringComparison.Ordinal));

    private static bool Names(JsonElement principal, string service) => principal.ValueKind switch
    {
        JsonValueKind.String => principal.GetString() == "*",
        JsonValueKind.Object => Texts(principal, "Service").Contains(service) || Texts(principal, "AWS").Contains("*"),
        _ => false,
    };

    private static IEnumerable<string> Texts(JsonElement element, string member) => element.TryGetProperty(member, out JsonElement value)
        ? Each(value).Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!)
        : [];

    private static JsonElement[] Each(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];

    /// <summary><c>*</c> stands for any text, <c>?</c> for one character. Linear in the product of the lengths at worst, and both are short.</summary>
    private static bool Matches(string pattern, string text, StringComparison comparison)
    {
        int at = 0, star = -1, mark = 0, p = 0;
        while (at < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || string.Compare(pattern, p, text, at, 1, comparison) == 0) && pattern[p] != '*')
            {
                (p, at) = (p + 1, at + 1);
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark, p) = (p, at, p + 1);
            }
            else if (star >= 0)
            {
                (p, at) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}
