namespace CacheBackup.Local.StateMachines.Language;

/// <summary>The <c>ErrorEquals</c> of a Retry or Catch.</summary>
internal sealed record ErrorNames(IReadOnlyList<string> Names)
{
    /// <summary>
    /// <c>States.ALL</c> matches all but <c>States.DataLimitExceeded</c> and <c>States.Runtime</c>; <c>States.TaskFailed</c> all but
    /// those and <c>States.Timeout</c>. Nothing matches <c>States.Runtime</c>.
    /// </summary>
    public bool Match(string error) => Names.Any(name => name switch
    {
        StatesErrors.All => error is not (StatesErrors.DataLimitExceeded or StatesErrors.Runtime),
        StatesErrors.TaskFailed => error is not (StatesErrors.DataLimitExceeded or StatesErrors.Runtime or StatesErrors.Timeout),
        _ => name == error && error != StatesErrors.Runtime,
    });
}
