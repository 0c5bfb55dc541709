using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>What an execution begins with, and keeps through every restart of the host.</summary>
/// <param name="Id">Machine and name.</param>
/// <param name="StartTime">When it was started, in whole milliseconds; the machine's own time-out counts from here.</param>
/// <param name="Input">Its input; at most 262,144 bytes.</param>
public sealed record ExecutionStart(ExecutionId Id, DateTimeOffset StartTime, JsonElement Input);
