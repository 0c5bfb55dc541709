namespace CacheBackup.Core.Storage;

/// <summary>An object that a store has taken over by itself.</summary>
/// <param name="Sha256">
/// The SHA-256 that the store computed over all the bytes that it wrote, lower-case hexadecimal; null where it computed none.
/// </param>
public sealed record ServerSideCopy(ObjectTag Tag, string? Sha256);
