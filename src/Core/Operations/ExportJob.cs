using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's export of one backup.</summary>
public sealed record ExportJob(ExecutionId Execution, ExportId Export, long Generation);
