using CacheBackup.Core.Model;

namespace CacheBackup.Local.Provisioning;

/// <summary>One server that was made here, after an attempt to start or stop it.</summary>
/// <param name="Failure">Why the attempt failed, with what to do; null: it succeeded.</param>
public sealed record KnownServer(CacheName Name, long Generation, CacheEndpoint Endpoint, string? Failure);
