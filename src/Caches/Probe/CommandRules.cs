namespace CacheBackup.Caches.Probe;

/// <summary>The command rules of an ACL user, such as <c>-@all +psync +@admin -sync</c>: they apply from left to right.</summary>
internal static class CommandRules
{
    // The categories that PSYNC, SYNC and REPLCONF are all in.
    private static readonly string[] Categories = ["@all", "@admin", "@slow", "@dangerous"];

    /// <param name="rules">As ACL GETUSER gives them.</param>
    /// <param name="command">PSYNC, SYNC or REPLCONF.</param>
    public static bool Allow(string rules, string command)
    {
        bool isAllowed = false;
        foreach (string rule in rules.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string subject = rule[1..];
            if (subject.Equals(command, StringComparison.OrdinalIgnoreCase) || Categories.Contains(subject, StringComparer.OrdinalIgnoreCase))
            {
                isAllowed = rule[0] == '+';
            }
        }

        return isAllowed;
    }
}
