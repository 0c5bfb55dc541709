using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A page of events, newest first.</summary>
/// <param name="Marker">Ask again with <c>?marker=</c> this for the next page; null: that was the last.</param>
public sealed record EventPage(IReadOnlyList<BackupEvent> Events, string? Marker = null);
