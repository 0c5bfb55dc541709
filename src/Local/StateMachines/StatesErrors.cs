namespace CacheBackup.Local.StateMachines;

/// <summary>The error names that the language itself raises or gives a meaning to.</summary>
internal static class StatesErrors
{
    public const string All = "States.ALL";
    public const string TaskFailed = "States.TaskFailed";
    public const string Timeout = "States.Timeout";
    public const string Runtime = "States.Runtime";
    public const string DataLimitExceeded = "States.DataLimitExceeded";
    public const string NoChoiceMatched = "States.NoChoiceMatched";
    public const string ResultPathMatchFailure = "States.ResultPathMatchFailure";
    public const string IntrinsicFailure = "States.IntrinsicFailure";

    /// <summary>Notes in the history that the host stopped during an attempt, which is made again; nothing ever sees it as an error.</summary>
    public const string HostStopped = "Local.HostStopped";

    /// <summary>Raised by a task that was in flight at too many stops of the host: AWS's name for a function that died.</summary>
    public const string RuntimeExit = "Runtime.ExitError";

    /// <summary>
    /// The <c>States.</c> names that a Retry or Catch may list. <c>States.Runtime</c> is absent: it "always causes the execution to fail",
    /// so a definition that lists it promises what will not happen.
    /// </summary>
    public static readonly IReadOnlySet<string> Matchable = new HashSet<string>(StringComparer.Ordinal)
    {
        All, TaskFailed, Timeout, DataLimitExceeded, NoChoiceMatched, ResultPathMatchFailure, IntrinsicFailure,
        "States.BranchFailed", "States.Permissions", "States.ParameterPathFailure",
    };
}
