using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>What a restore's request lets change.</summary>
internal static class EngineChanges
{
    public static EngineChange Of(RestoreTargetSpec target) => target.AllowEngineChange ? EngineChange.RedisToValkey : EngineChange.Refused;
}
