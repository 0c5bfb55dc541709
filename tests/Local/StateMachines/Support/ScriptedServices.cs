using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>Services as a test gives them, and every call of them in order.</summary>
internal sealed class ScriptedServices(Func<ServiceCall, CancellationToken, Task<string>> answer) : IServiceIntegration
{
    public ScriptedServices(Func<ServiceCall, JsonElement> answer)
        : this((call, _) => Task.FromResult(answer(call).GetRawText()))
    {
    }

    public List<ServiceCall> Calls { get; } = [];

    public async Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken)
    {
        Calls.Add(call);
        return JsonElement.Parse(await answer(call, cancellationToken));
    }
}
