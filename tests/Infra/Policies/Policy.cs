namespace CacheBackup.Infra.Tests.Policies;

/// <summary>IAM's decision within one account: what is denied is denied, what is allowed is allowed, all else is denied.</summary>
public static class Policy
{
    public static bool Allows(
        IReadOnlyList<Statement> statements, string action, string resource, IReadOnlyDictionary<string, string>? circumstances = null)
    {
        Statement[] covering = [.. statements.Where(statement => statement.Covers(action, resource, circumstances ?? new Dictionary<string, string>()))];
        return covering.Length > 0 && covering.All(statement => statement.Allows);
    }

    public static bool Allows(IReadOnlyList<Statement> statements, Need need) => Allows(statements, need.Action, need.Resource, need.Circumstances);
}
