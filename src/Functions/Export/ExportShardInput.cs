using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>One shard to export.</summary>
public sealed record ExportShardInput(ExecutionId Execution, ExportId Export, long Generation, int Shard)
{
    public ExportJob Job => new(Execution, Export, Generation);
}
