using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands.Service;

/// <summary>What a restore that a service is asked for may do, and how fast.</summary>
/// <param name="AllowEngineChange">Redis OSS into Valkey, or the other way round.</param>
/// <param name="AllowRefused">What the target cannot hold is left out and counted.</param>
/// <param name="Rate">Null: as fast as the target takes it.</param>
internal sealed record ServiceRestoreConditions(bool AllowEngineChange, bool AllowRefused, RestoreRate? Rate);
