using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>On one machine there is no AWS to call: every call fails with <c>TargetNotAvailableHere</c>.</summary>
public sealed class NoServiceIntegration : IServiceIntegration
{
    /// <summary>The error's name.</summary>
    public const string ErrorType = "TargetNotAvailableHere";

    /// <inheritdoc />
    public Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromException<JsonElement>(new TaskFailedException(
            ErrorType,
            $"The state '{context.State}' calls {call.Service}:{call.Action}, an AWS service, which a host on one machine does not have. Run this machine in AWS."));
}
