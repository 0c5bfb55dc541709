using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>Tags to add or change.</summary>
public sealed record TagsBody
{
    public required IReadOnlyList<Tag> Tags { get; init; }
}
