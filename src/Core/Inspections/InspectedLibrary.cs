namespace CacheBackup.Core.Inspections;

/// <summary>A function library.</summary>
/// <param name="Name">As its first line says; null where it does not.</param>
/// <param name="Engine">The same.</param>
public sealed record InspectedLibrary(string? Name, string? Engine, long SourceBytes);
