using System.Text.Json.Serialization;

namespace CacheBackup.Architecture.Tests.Persistence;

/// <summary>One of each thing that a persisted document may hold.</summary>
public sealed record SampleDocument
{
    public required string Name { get; init; }

    public SampleColour Colour { get; init; }

    public SampleColour? Maybe { get; init; }

    [JsonPropertyName("renamed-by-hand")]
    public int Number { get; init; }

    [JsonConverter(typeof(JsonNumberEnumConverter<SampleColour>))]
    public SampleColour AsNumber { get; init; }

    [JsonIgnore]
    public string Unwritten => Name;

    public IReadOnlyList<SampleDocument> Children { get; init; } = [];

    public IReadOnlyDictionary<SampleColour, SamplePart> Parts { get; init; } = new Dictionary<SampleColour, SamplePart>();

    public SampleShape? Shape { get; init; }
}
