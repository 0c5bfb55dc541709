using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What a node is asked to let us in by.</summary>
/// <param name="Username">The ACL user; null: the default user.</param>
public sealed record CacheLogin(string? Username, Secret<string> Password);
