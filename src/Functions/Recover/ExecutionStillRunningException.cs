using CacheBackup.Core;

namespace CacheBackup.Functions.Recover;

/// <summary>Step Functions told of an execution's end and describes it as running: what it describes lags behind for moments.</summary>
public sealed class ExecutionStillRunningException(string message, Exception? innerException = null) : TransientException(message, innerException);
