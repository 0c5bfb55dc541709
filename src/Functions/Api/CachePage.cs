using CacheBackup.Core.Catalog;

namespace CacheBackup.Functions.Api;

/// <summary>A page of caches.</summary>
/// <param name="Unreadable">Records that this version cannot read, and why; null where there is none.</param>
/// <param name="Marker">Ask again with <c>?marker=</c> this for the next page; null: that was the last.</param>
public sealed record CachePage(IReadOnlyList<CacheView> Caches, IReadOnlyList<UnreadableRecord>? Unreadable = null, string? Marker = null);
