using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>
/// What every catalog document carries. <see cref="Revision"/> grows by one with every write; <see cref="Writer"/> is a fresh random
/// text for every write, by which a writer whose acknowledgement was lost recognises its own.
/// </summary>
public abstract record CatalogDocument
{
    public int SchemaVersion { get; init; } = 1;

    public long Revision { get; init; }

    public string Writer { get; init; } = string.Empty;

    /// <summary>Members that a newer version wrote: kept as they are.</summary>
    // Set, not init: the source generator makes a constructor parameter of an init member, and extension data cannot be one.
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}
