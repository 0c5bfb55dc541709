using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>Where a result is put into a state's input (<c>ResultPath</c>): members by name only, which are made where they are missing.</summary>
internal sealed class ReferencePath
{
    public static readonly ReferencePath Root = new("$", []);

    private readonly string[] _members;

    private ReferencePath(string text, string[] members)
    {
        Text = text;
        _members = members;
    }

    public string Text { get; }

    public static ReferencePath Parse(string text)
    {
        JsonPath path = JsonPath.Parse(text);
        var members = new List<string>();
        foreach (PathSegment segment in path.Segments)
        {
            members.Add(segment.Property ?? throw new PathSyntaxException(
                $"'{text}' is not a place for a result: only members by name are implemented, no index and no wildcard."));
        }

        return members.Count == 0 ? Root : new ReferencePath(text, [.. members]);
    }

    /// <exception cref="StateFailedException">States.ResultPathMatchFailure: something on the way is not an object.</exception>
    public JsonElement Put(JsonElement input, JsonElement value) =>
        _members.Length == 0 ? value : JsonBuild.From(writer => Put(writer, input, value, 0));

    private void Put(Utf8JsonWriter writer, JsonElement? here, JsonElement value, int depth)
    {
        if (depth == _members.Length)
        {
            value.WriteTo(writer);
            return;
        }

        if (here is { ValueKind: not JsonValueKind.Object })
        {
            throw new StateFailedException(
                StatesErrors.ResultPathMatchFailure,
                $"Unable to apply ResultPath '{Text}': the value that should hold member '{_members[depth]}' is not an object.");
        }

        writer.WriteStartObject();
        JsonElement? next = null;
        if (here is { } present)
        {
            foreach (JsonProperty member in present.EnumerateObject())
            {
                if (member.NameEquals(_members[depth]))
                {
                    next = member.Value;
                }
                else
                {
                    member.WriteTo(writer);
                }
            }
        }

        writer.WritePropertyName(_members[depth]);
        Put(writer, next, value, depth + 1);
        writer.WriteEndObject();
    }
}
