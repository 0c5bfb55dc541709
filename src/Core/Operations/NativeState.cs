namespace CacheBackup.Core.Operations;

/// <summary>Whether ElastiCache is done with what it was asked for. What failed is an exception.</summary>
public enum NativeState
{
    Wait,
    Ready,
}
