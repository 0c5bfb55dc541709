using System.Xml.Linq;
using CacheBackup.Aws.Api;

namespace CacheBackup.Aws.ElastiCache;

/// <summary>
/// ElastiCache by its Query API. A call that broke off is repeated: whoever creates something asks first whose a thing is that is
/// there already, by its tag.
/// </summary>
public sealed partial class ElastiCacheClient(AwsApi api)
{
    private const string Version = "2015-02-02";

    private readonly AwsQueryApi _query = new(api, Version, Refused);

    /// <summary>Any action.</summary>
    /// <param name="parameters">As the form has them: <c>Tags.Tag.1.Key</c>; see <see cref="QueryParameters"/>.</param>
    /// <returns>The element <c>&lt;Action&gt;Result</c>; the names in it have no namespace.</returns>
    /// <exception cref="ElastiCacheException">Refused; it has the code.</exception>
    /// <exception cref="AwsAccessDeniedException">The role lacks <c>elasticache:&lt;action&gt;</c>.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">Throttled, 5xx or no answer.</exception>
    public Task<XElement> SendAsync(string action, QueryParameters parameters, CancellationToken cancellationToken) =>
        _query.SendAsync(action, parameters.All, cancellationToken);

    private static Exception Refused(AwsFailure failure) =>
        failure.IsAccess || failure.AreCredentials ? AwsApi.Refused(failure) : new ElastiCacheException(failure);
}
