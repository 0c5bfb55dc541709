using CacheBackup.Aws.Api;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>ElastiCache refused a call for a reason that stays.</summary>
public sealed class ElastiCacheException(AwsFailure failure)
    : AwsServiceException(failure, $"{failure}{(failure.Text is null ? "." : $": {failure.Text}")}")
{
    /// <summary>The code on the wire, as <c>CacheClusterNotFound</c>.</summary>
    public string Code => Failure.Code;

    /// <summary>The error's shape in the service's model, as <c>CacheClusterNotFoundFault</c>.</summary>
    public string Shape => ElastiCacheErrors.ShapeOf(Failure.Code);
}
