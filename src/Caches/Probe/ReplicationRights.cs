namespace CacheBackup.Caches.Probe;

/// <summary>
/// Whether replication is to be had, as far as can be known without asking for it: a PSYNC of any form that passes the ACL makes some versions fork.
/// </summary>
internal static class ReplicationRights
{
    private static readonly string[] Names = ["psync", "sync", "replconf"];
    private static readonly string[][] Commands = [["PSYNC", "?", "-1"], ["SYNC"], ["REPLCONF", "capa", "eof"]];

    /// <summary>Why not, in a sentence; null if nothing speaks against it.</summary>
    public static async Task<string?> FindRefusalAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        bool[] exists = await CommandRights.ExistAsync(connection, Names, cancellationToken).ConfigureAwait(false);
        if (!exists[0] && !exists[1])
        {
            return "PSYNC and SYNC are renamed or disabled on this cache.";
        }

        bool?[] allowed = await CommandRights.AllowedAsync(connection, Commands, cancellationToken).ConfigureAwait(false);
        if (exists[2] && allowed[2] == false)
        {
            return "The user may not run REPLCONF: grant +replconf.";
        }

        bool isPsyncOut = !exists[0] || allowed[0] == false;
        bool isSyncOut = !exists[1] || allowed[1] == false;
        return isPsyncOut && isSyncOut ? "The user may run neither PSYNC nor SYNC: grant +psync." : null;
    }
}
