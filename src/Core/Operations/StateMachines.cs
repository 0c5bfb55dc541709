namespace CacheBackup.Core.Operations;

/// <summary>The state machines by name, which is the name of their file: <c>statemachines/&lt;name&gt;.asl.json</c>.</summary>
public static class StateMachines
{
    public const string Register = "register";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string Delete = "delete";
    public const string RemoveCache = "remove-cache";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Register, Backup, Restore, Delete, RemoveCache];
}
