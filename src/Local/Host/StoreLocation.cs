using CacheBackup.Aws;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Storage;

namespace CacheBackup.Local.Host;

/// <summary>Where a user said that bytes live: a directory, or <c>s3://bucket/prefix</c>.</summary>
internal static class StoreLocation
{
    private const string S3 = "s3://";

    public static bool IsS3(string location) => location.StartsWith(S3, StringComparison.Ordinal);

    /// <summary>Opens the store; of S3 with the usual environment (AWS_ENDPOINT_URL, AWS_REGION and credentials).</summary>
    public static IObjectStore Open(string location, TimeProvider time) => IsS3(location)
        ? S3ObjectStore.Open(S3Location.Parse(location), S3StoreOptions.FromEnvironment(Environment.GetEnvironmentVariable), time)
        : DirectoryObjectStore.Open(location, time);

    /// <summary>Opens the store of a service, whose data may have a place of its own.</summary>
    /// <param name="dataLocation">Where every key below <c>data/</c> is; null: with all others.</param>
    public static IObjectStore Open(string location, string? dataLocation, TimeProvider time) => dataLocation is null
        ? Open(location, time)
        : new RoutedObjectStore(CatalogKeys.DataRoot, Open(dataLocation, time), Open(location, time));
}
