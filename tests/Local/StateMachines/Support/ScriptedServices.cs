using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

internal sealed class ScriptedServices(Func<ServiceCall, JsonElement> answer) : IServiceIntegration
{
    public List<ServiceCall> Calls { get; } = [];

    public Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken)
    {
        Calls.Add(call);
        return Task.FromResult(answer(call));
    }
}
