using System.Globalization;
using System.Text.RegularExpressions;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Permissions;

/// <summary>
/// What Lambda and IAM would refuse halfway through a deployment is refused here, with the context value that is too long. Sizes are those of
/// the longest names that AWS gives in the place of what is not known yet.
/// </summary>
internal static partial class DeploymentLimits
{
    /// <summary>Bytes of all names and values together.</summary>
    public const int EnvironmentBytes = 4096;

    /// <summary>Characters of a role's inline policies, blanks not counted.</summary>
    public const int PolicyCharacters = 10_240;

    private const string Shell = """{"Version":"2012-10-17","Statement":[]}""";
    private const string StatementShell = """{"Action":[],"Effect":"Allow","Resource":[],"Condition":{}},""";

    /// <exception cref="StackContextException">It is longer than Lambda takes.</exception>
    public static void CheckEnvironment(string function, IReadOnlyDictionary<string, string> environment, StackContext context) =>
        Check($"The environment of the function {function}", "bytes", environment.Sum(each => each.Key.Length + LengthOf(each.Value)), EnvironmentBytes, context);

    /// <exception cref="StackContextException">It is longer than IAM takes.</exception>
    public static void CheckPolicy(string owner, IReadOnlyList<Permission> permissions, StackContext context) =>
        Check($"The policy of {owner}", "characters", LengthOf(permissions), PolicyCharacters, context);

    private static void Check(string what, string unit, int found, int most, StackContext context)
    {
        if (found > most)
        {
            (ContextValue value, int length) = ListsOf(context).MaxBy(list => list.Length);
            throw new StackContextException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} would have {found} {unit}, and AWS takes {most}. Shorten cacheBackup.{value.Name} in cdk.json, the longest list there with {length} characters: "
                    + $"name fewer buckets or keys, or a folder that holds several."));
        }
    }

    private static (ContextValue Value, int Length)[] ListsOf(StackContext context) =>
    [
        (ContextValues.ExportBuckets, context.ExportBuckets.Sum(each => each.ToString().Length)),
        (ContextValues.ImportBuckets, context.ImportBuckets.Sum(each => each.ToString().Length)),
        (ContextValues.CopyTargets, context.CopyTargets.Sum(each => each.ToString().Length)),
        (ContextValues.BucketKeys, context.BucketKeys.Sum(each => each.Length)),
        (ContextValues.SecretKeys, context.SecretKeys.Sum(each => each.Length)),
        (ContextValues.CacheKeys, context.CacheKeys.Sum(each => each.Length)),
    ];

    /// <summary>As CDK writes it: what is allowed on the same is one statement, and what is allowed alike as well.</summary>
    private static int LengthOf(IReadOnlyList<Permission> permissions)
    {
        var byResources = permissions
            .SelectMany(permission => permission.Resources.Select(resource => (Resource: resource, Condition: TextOf(permission.Conditions), permission.Actions)))
            .GroupBy(each => (each.Resource, each.Condition))
            .Select(group => (group.Key.Resource, group.Key.Condition, Actions: group.SelectMany(each => each.Actions).Distinct().Order(StringComparer.Ordinal).ToArray()));
        return Shell.Length + byResources.GroupBy(each => (each.Condition, Actions: string.Join(',', each.Actions))).Sum(statement =>
            StatementShell.Length + LengthOf(statement.Key.Condition) + statement.First().Actions.Sum(action => action.Length + 3)
            + statement.Sum(each => LengthOf(each.Resource) + 3));
    }

    private static string TextOf(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? conditions) => conditions is null
        ? string.Empty
        : string.Join(',', conditions.Select(each => $"\"{each.Key}\":{{{string.Join(',', each.Value.Select(one => $"\"{one.Key}\":\"{one.Value}\""))}}}"));

    private static int LengthOf(string text) => Unknown().Replace(text, token => new string('x', LongestOf(token.Groups[1].Value))).Length;

    // The ARN of a bucket or a key where it is nothing else.
    private static int LongestOf(string token) =>
        token.StartsWith("AWS.Partition", StringComparison.Ordinal) ? "aws-us-gov".Length
        : token.StartsWith("AWS.Region", StringComparison.Ordinal) ? "ap-southeast-1".Length
        : token.StartsWith("AWS.AccountId", StringComparison.Ordinal) ? 12
        : token.StartsWith("AWS.URLSuffix", StringComparison.Ordinal) ? "amazonaws.com.cn".Length
        : 76;

    [GeneratedRegex(@"\$\{Token\[([^\]]*)\]\}")]
    private static partial Regex Unknown();
}
