using Amazon.CDK.AWS.IAM;

namespace CacheBackup.Infra.Permissions;

/// <summary>What is allowed on what.</summary>
/// <param name="Actions">Each by its whole name.</param>
/// <param name="Resources">ARNs; <c>*</c> only where the service knows no other.</param>
/// <param name="Conditions">Operator, then key, then value; null: none.</param>
public sealed record Permission(
    IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Conditions = null)
{
    public PolicyStatement ToStatement() => new(new PolicyStatementProps
    {
        Actions = [.. Actions],
        Resources = [.. Resources],
        Conditions = Conditions?.ToDictionary(
            condition => condition.Key, condition => (object)condition.Value.ToDictionary(each => each.Key, each => (object)each.Value)),
    });
}
