using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>The export to give up, and why.</summary>
public sealed record AbandonExportInput(ExecutionId Execution, ExportId Export, long Generation, StepFailure Failure)
{
    public ExportJob Job => new(Execution, Export, Generation);
}
