using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>What an execution begins with, and keeps through every restart of the host.</summary>
/// <param name="Key">Machine and name.</param>
/// <param name="Id">What the machine sees as <c>$$.Execution.Id</c>, and what it is known by outside: in AWS an ARN.</param>
/// <param name="StartTime">When it was started, in whole milliseconds; the machine's own time-out counts from here.</param>
/// <param name="Input">Its input; at most 262,144 bytes.</param>
public sealed record ExecutionStart(ExecutionKey Key, string Id, DateTimeOffset StartTime, JsonElement Input);
