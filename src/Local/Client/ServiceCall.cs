using System.Text.Json.Nodes;

namespace CacheBackup.Local.Client;

/// <summary>A call of the API.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">Segments, not encoded: names may hold anything.</param>
internal sealed record ServiceCall(string Method, params IReadOnlyList<string> Path)
{
    /// <summary>Parameters; those without a value are left out.</summary>
    public IReadOnlyList<(string Name, string? Value)> Query { get; init; } = [];

    /// <summary>Null: no body. Members without a value are left out by whoever makes it.</summary>
    public JsonObject? Body { get; init; }

    /// <summary><c>/backups/nightly?limit=10</c>, relative to the service's address.</summary>
    public string Target
    {
        get
        {
            string path = string.Concat(Path.Select(segment => "/" + Uri.EscapeDataString(segment)));
            string query = string.Join('&', Query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
            return query.Length == 0 ? path : $"{path}?{query}";
        }
    }
}
