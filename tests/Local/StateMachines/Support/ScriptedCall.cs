using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

internal sealed record ScriptedCall(string Function, JsonElement Payload, TaskContext Context, CancellationToken Cancelled);
