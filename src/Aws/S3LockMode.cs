namespace CacheBackup.Aws;

/// <summary>Who may undo a lock on an object.</summary>
public enum S3LockMode
{
    /// <summary>Roles with <c>s3:BypassGovernanceRetention</c>, which no function has.</summary>
    Governance,

    /// <summary>Nobody, the account's root included.</summary>
    Compliance,
}
