namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>PATCH /caches/{name}</c>: what is left out stays as it is.</summary>
public sealed record ModifyCacheBody
{
    public required AutomaticBackupsBody AutomaticBackups { get; init; }
}
