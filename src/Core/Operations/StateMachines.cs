namespace CacheBackup.Core.Operations;

/// <summary>The state machines by name, which is the name of their file: <c>statemachines/&lt;name&gt;.asl.json</c>.</summary>
public static class StateMachines
{
    public const string Register = "register";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string Delete = "delete";
    public const string Copy = "copy";
    public const string Export = "export";
    public const string Import = "import";
    public const string RemoveCache = "remove-cache";
    public const string Schedule = "schedule";
    public const string Purge = "purge";
    public const string Verify = "verify";
    public const string VerifySweep = "verify-sweep";
    public const string RestoreTest = "restore-test";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Register, Backup, Restore, Delete, Copy, Export, Import, RemoveCache, Schedule, Purge, Verify, VerifySweep, RestoreTest];
}
