using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>The export to complete.</summary>
public sealed record CompleteExportInput(ExecutionId Execution, ExportId Export, long Generation)
{
    public ExportJob Job => new(Execution, Export, Generation);
}
