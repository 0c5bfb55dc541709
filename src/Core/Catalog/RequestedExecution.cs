using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>An execution that a request's answer promises.</summary>
/// <param name="Id">Known before it starts; starting it twice starts it once.</param>
/// <param name="Machine">The state machine.</param>
/// <param name="Input">The JSON text that it is started with.</param>
public sealed record RequestedExecution(ExecutionId Id, string Machine, string Input);
