namespace CacheBackup.Core.Rewrites;

/// <summary>Which keys are wanted, by their expiry.</summary>
public enum ExpiryCondition
{
    Any,
    WithExpiry,
    WithoutExpiry,
}
