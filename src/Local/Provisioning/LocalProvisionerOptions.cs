namespace CacheBackup.Local.Provisioning;

/// <summary>Where and with what new caches are made.</summary>
public sealed record LocalProvisionerOptions
{
    /// <summary>The folder of all servers' directories, <c>&lt;data&gt;/caches</c>. Created with mode 0700 when the first server is.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// How long a started server may take until it says anything at all. Loading counts as saying something and is limited by the caller
    /// alone. 30 s: a server that has nothing to load takes a tenth of a second.
    /// </summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Room that stays free beside a data file that is copied for loading: the server will save beside it.</summary>
    public long SpareBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Reads an environment variable; null where there is none. Default: those of this process.</summary>
    public Func<string, string?> ReadVariable { get; init; } = Environment.GetEnvironmentVariable;
}
