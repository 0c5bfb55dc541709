namespace CacheBackup.Core.Model;

/// <summary>One run of a state machine: its ARN in AWS, <c>local:&lt;host&gt;:&lt;machine&gt;:&lt;name&gt;</c> on one machine.</summary>
public readonly record struct ExecutionId(string Value) : ICatalogText<ExecutionId>
{
    public static ExecutionId FromCatalog(string text) =>
        text.Length > 0 ? new ExecutionId(text) : throw new InvalidRequestException("An id is not empty.");

    public override string ToString() => Value;
}
