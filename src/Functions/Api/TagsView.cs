using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>All tags of one backup or cache.</summary>
public sealed record TagsView(IReadOnlyList<Tag> Tags);
