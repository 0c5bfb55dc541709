using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>One entry of <c>Catch</c>.</summary>
/// <param name="Errors">What it catches.</param>
/// <param name="ResultPath">Where <c>{"Error", "Cause"}</c> goes in the state's input; null discards it.</param>
/// <param name="Next">Where the execution goes on.</param>
internal sealed record Catcher(ErrorNames Errors, ReferencePath? ResultPath, string Next);
