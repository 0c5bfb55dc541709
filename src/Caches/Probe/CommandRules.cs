namespace CacheBackup.Caches.Probe;

/// <summary>The command rules of an ACL user, such as <c>-@all +psync +@admin -sync</c>: they apply from left to right.</summary>
internal static class CommandRules
{
    // The categories that the commands of replication are all in.
    private static readonly string[] OfReplication = ["@all", "@admin", "@slow", "@dangerous"];

    private static readonly Dictionary<string, string[]> CategoriesOf = new(StringComparer.Ordinal)
    {
        ["PSYNC"] = OfReplication,
        ["SYNC"] = OfReplication,
        ["REPLCONF"] = OfReplication,
        ["SCAN"] = ["@all", "@keyspace", "@read", "@slow"],
        ["DUMP"] = ["@all", "@keyspace", "@read", "@slow"],
        ["PTTL"] = ["@all", "@keyspace", "@read", "@fast"],
        ["MULTI"] = ["@all", "@transaction", "@fast"],
        ["EXEC"] = ["@all", "@transaction", "@slow"],
    };

    /// <param name="rules">As ACL GETUSER gives them.</param>
    /// <param name="command">In capitals.</param>
    /// <returns>Null for a command whose categories are not known here.</returns>
    public static bool? Allow(string rules, string command)
    {
        if (!CategoriesOf.TryGetValue(command, out string[]? categories))
        {
            return null;
        }

        bool isAllowed = false;
        foreach (string rule in rules.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string subject = rule[1..];
            if (subject.Equals(command, StringComparison.OrdinalIgnoreCase) || categories.Contains(subject, StringComparer.OrdinalIgnoreCase))
            {
                isAllowed = rule[0] == '+';
            }
        }

        return isAllowed;
    }
}
