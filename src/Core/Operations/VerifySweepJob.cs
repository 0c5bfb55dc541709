using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Names one execution's part of one week's sweep.</summary>
/// <param name="Week">Monday of the week in UTC, <c>yyyyMMdd</c>.</param>
public sealed record VerifySweepJob(ExecutionId Execution, string Week);
