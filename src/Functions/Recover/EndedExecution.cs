using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Recover;

/// <summary>The execution that the event speaks of. Its input and error may be left out of the event, and are asked for.</summary>
/// <param name="ExecutionArn">Its id.</param>
/// <param name="Status">FAILED, TIMED_OUT or ABORTED: the rule passes on no other.</param>
public sealed record EndedExecution(ExecutionId ExecutionArn, string Status);
