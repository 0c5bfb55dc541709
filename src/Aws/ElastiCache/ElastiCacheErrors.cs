using System.Collections.Frozen;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>
/// The three names of one error of ElastiCache: the code on the wire, the shape in the service's model, and the name that a state
/// machine catches. Source: the service model 2015-02-02.
/// </summary>
public static class ElastiCacheErrors
{
    private const string Fault = "Fault";
    private const string Exception = "Exception";

    // Codes that neither end as their shape does nor become it by a "Fault" behind them.
    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>
    {
        ["CacheSubnetGroupInUse"] = "CacheSubnetGroupInUse",
        ["DefaultUserRequired"] = "DefaultUserRequired",
        ["InvalidParameterCombination"] = "InvalidParameterCombinationException",
        ["InvalidParameterValue"] = "InvalidParameterValueException",
        ["InvalidSubnet"] = "InvalidSubnet",
        ["QuotaExceeded.CacheSecurityGroup"] = "CacheSecurityGroupQuotaExceededFault",
        ["SubnetInUse"] = "SubnetInUse",
        ["TagQuotaPerResourceExceeded"] = "TagQuotaPerResourceExceeded",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The shape of a code: <c>CacheClusterNotFound</c> is <c>CacheClusterNotFoundFault</c>.</summary>
    public static string ShapeOf(string code) =>
        Irregular.TryGetValue(code, out string? shape) ? shape
        : code.EndsWith(Fault, StringComparison.Ordinal) || code.EndsWith(Exception, StringComparison.Ordinal) ? code
        : code + Fault;

    /// <summary>What Step Functions calls a shape: <c>ElastiCache.CacheClusterNotFoundException</c>.</summary>
    public static string StatesNameOf(string shape)
    {
        string stem = shape.EndsWith(Fault, StringComparison.Ordinal) ? shape[..^Fault.Length] : shape;
        return "ElastiCache." + (stem.EndsWith(Exception, StringComparison.Ordinal) ? stem : stem + Exception);
    }
}
