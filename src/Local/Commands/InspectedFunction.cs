namespace CacheBackup.Local.Commands;

/// <summary>A function library.</summary>
/// <param name="Name">As its first line says; null where it does not.</param>
internal sealed record InspectedFunction(string? Name, string? Engine, long SourceBytes);
