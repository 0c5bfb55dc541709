namespace CacheBackup.Functions.Api;

/// <summary>A page of caches.</summary>
/// <param name="Marker">Ask again with <c>?marker=</c> this for the next page; null: that was the last.</param>
public sealed record CachePage(IReadOnlyList<CacheView> Caches, string? Marker = null);
