using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>Lets a test script calls of AWS's services as it does functions, by the name <c>service:action</c>.</summary>
internal sealed class ServicesAsFunctions(ITaskInvoker functions) : IServiceIntegration
{
    public Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken) =>
        functions.InvokeAsync($"{call.Service}:{call.Action}", call.Parameters, context, cancellationToken);
}
