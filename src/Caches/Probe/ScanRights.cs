namespace CacheBackup.Caches.Probe;

/// <summary>Whether keys can be scanned and dumped, as far as can be known without doing it.</summary>
internal static class ScanRights
{
    /// <summary>Why not, in a sentence; null if nothing speaks against it.</summary>
    /// <param name="hasExpireTime">The server knows PEXPIRETIME (7.0).</param>
    public static async Task<string?> FindRefusalAsync(RespConnection connection, bool hasExpireTime, CancellationToken cancellationToken)
    {
        string[][] commands = [["SCAN", "0"], ["DUMP", "key"], [hasExpireTime ? "PEXPIRETIME" : "PTTL", "key"], ["MULTI"], ["EXEC"]];
        bool[] exists = await CommandRights
            .ExistAsync(connection, [.. commands.Select(command => command[0])], cancellationToken).ConfigureAwait(false);
        if (Array.IndexOf(exists, false) is >= 0 and var missing)
        {
            return $"{commands[missing][0]} is renamed or disabled on this cache.";
        }

        bool?[] allowed = await CommandRights.AllowedAsync(connection, commands, cancellationToken).ConfigureAwait(false);
        return Array.IndexOf(allowed, false) is >= 0 and var denied
            ? $"The user may not run {commands[denied][0]} on every key: grant {ServerErrors.Acl(commands[denied][0])} ~*."
            : null;
    }
}
