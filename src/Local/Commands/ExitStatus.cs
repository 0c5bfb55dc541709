namespace CacheBackup.Local.Commands;

/// <summary>What the tool ends with. Scripts rely on it.</summary>
public static class ExitStatus
{
    public const int Success = 0;

    /// <summary>It could not be done, or what was looked at is not good.</summary>
    public const int Failure = 1;

    /// <summary>The command line asks for something that there is not.</summary>
    public const int BadUsage = 2;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}
