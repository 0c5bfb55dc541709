using System.Text.Json.Serialization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions;

/// <summary>What a state machine's Catch hands on: Step Functions writes these members with capitals.</summary>
public sealed record StepFailure(
    [property: JsonPropertyName("Error")] string Error,
    [property: JsonPropertyName("Cause")] string? Cause = null)
{
    public FailureCause ToCause() => new(Error, Cause);
}
