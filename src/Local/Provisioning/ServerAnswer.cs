namespace CacheBackup.Local.Provisioning;

/// <summary>What is heard on a server's port.</summary>
internal enum ServerAnswer
{
    /// <summary>Nobody listens, or nobody answers in time.</summary>
    Nothing,

    /// <summary>Our server, serving.</summary>
    Ready,

    /// <summary>Our server, loading its data.</summary>
    Loading,

    /// <summary>Somebody who does not take our password: another program has the port.</summary>
    Foreign,
}
