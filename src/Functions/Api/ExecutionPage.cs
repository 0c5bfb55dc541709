namespace CacheBackup.Functions.Api;

/// <summary>Executions that run.</summary>
/// <param name="Executions">The last started first.</param>
public sealed record ExecutionPage(IReadOnlyList<ExecutionView> Executions);
