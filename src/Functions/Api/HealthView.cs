namespace CacheBackup.Functions.Api;

/// <summary>The answer of <c>GET /health</c>.</summary>
public sealed record HealthView(string Status, string Version);
