using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>The export that begins: the whole input of the export machine.</summary>
public sealed record CheckExportInput(ExecutionId Execution, ExportId Export, long Generation)
{
    public ExportJob Job => new(Execution, Export, Generation);
}
