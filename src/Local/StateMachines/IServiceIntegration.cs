using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>Does what <c>aws-sdk:*</c> tasks ask for: nothing on one machine (<see cref="NoServiceIntegration"/>), scripted in tests.</summary>
public interface IServiceIntegration
{
    /// <summary>Makes the call and returns the result as Step Functions gives it.</summary>
    /// <exception cref="TaskFailedException">The service refused: <c>ElastiCache.SnapshotNotFoundException</c>.</exception>
    Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken);
}
