namespace CacheBackup.Infra.Tests.Policies;

/// <summary>A permission that no recorded call took, and why the role has it all the same.</summary>
/// <param name="Function">The function, or <c>*</c>.</param>
/// <param name="Action">A pattern.</param>
/// <param name="Resource">A pattern, of the resource as the role has it.</param>
/// <param name="Reason">Why.</param>
internal sealed record UnusedPermission(string Function, string Action, string Resource, string Reason)
{
    public bool Explains(string function, string action, string resource) =>
        (Function == "*" || Function.Split('|').Contains(function))
        && Wildcard.Matches(Action, action, StringComparison.Ordinal)
        && Wildcard.Matches(Resource, resource, StringComparison.Ordinal);
}
