namespace CacheBackup.Core.Model;

/// <summary>How keys of the exchange bucket begin, so that each writer knows its own. ElastiCache chooses the names of serverless exports.</summary>
public static class ExchangeKeys
{
    /// <summary>Files that ElastiCache writes when it exports a self-designed cache's snapshot: <c>native-NAME-0001.rdb</c>.</summary>
    public const string NativeExports = "native-";

    /// <summary>Files that a restore lays down for ElastiCache to read.</summary>
    public const string Staged = "staged/";
}
