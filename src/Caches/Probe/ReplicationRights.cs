using CacheBackup.Core.Resp;

namespace CacheBackup.Caches.Probe;

/// <summary>
/// Whether replication is to be had, as far as can be known without asking for it: a PSYNC of any form that passes the ACL makes some versions fork.
/// Commands that are renamed or disabled are missing in COMMAND INFO; rights are told by ACL DRYRUN (7.0) or read from ACL GETUSER (6.0).
/// </summary>
internal static class ReplicationRights
{
    private static readonly string[] Commands = ["PSYNC", "SYNC", "REPLCONF"];

    /// <summary>Why not, in a sentence; null if nothing speaks against it.</summary>
    public static async Task<string?> FindRefusalAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        RespReply known = await connection.SendAsync(new RespCommand("COMMAND INFO", "psync", "sync", "replconf"), cancellationToken).ConfigureAwait(false);
        bool[] exists = Exist(known);
        if (!exists[0] && !exists[1])
        {
            return "PSYNC and SYNC are renamed or disabled on this cache.";
        }

        bool?[] allowed = await AllowedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (exists[2] && allowed[2] == false)
        {
            return "The user may not run REPLCONF: grant +replconf.";
        }

        bool isPsyncOut = !exists[0] || allowed[0] == false;
        bool isSyncOut = !exists[1] || allowed[1] == false;
        return isPsyncOut && isSyncOut ? "The user may run neither PSYNC nor SYNC: grant +psync." : null;
    }

    /// <summary>Nil stands for a command that the node does not have. What cannot be asked is taken to exist.</summary>
    private static bool[] Exist(in RespReply known)
    {
        bool[] exists = [true, true, true];
        if (known.TryGetItems(out ReadOnlyMemory<RespReply> items) && items.Length == exists.Length)
        {
            for (int i = 0; i < exists.Length; i++)
            {
                // Redis answers an unknown command with a nil array, some versions with an empty one.
                exists[i] = items.Span[i].TryGetItems(out ReadOnlyMemory<RespReply> details) && details.Length > 0;
            }
        }

        return exists;
    }

    private static async Task<bool?[]> AllowedAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        RespReply whoAmI = await connection.SendAsync(new RespCommand("ACL WHOAMI"), cancellationToken).ConfigureAwait(false);
        if (!whoAmI.TryGetBytes(out ReadOnlyMemory<byte> user))
        {
            return [null, null, null];
        }

        connection.Write(new RespCommand("ACL DRYRUN", user, "PSYNC", "?", "-1"));
        connection.Write(new RespCommand("ACL DRYRUN", user, "SYNC"));
        connection.Write(new RespCommand("ACL DRYRUN", user, "REPLCONF", "capa", "eof"));
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        var allowed = new bool?[Commands.Length];
        bool isUnknown = false;
        for (int i = 0; i < allowed.Length; i++)
        {
            RespReply reply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            allowed[i] = reply.IsError ? null : reply.IsOk;
            isUnknown |= reply.TryGetError(out RespError error) && error.Says("unknown subcommand");
        }

        return isUnknown ? await AllowedByRulesAsync(connection, user, cancellationToken).ConfigureAwait(false) : allowed;
    }

    private static async Task<bool?[]> AllowedByRulesAsync(RespConnection connection, ReadOnlyMemory<byte> user, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand("ACL GETUSER", user), cancellationToken).ConfigureAwait(false);
        if (reply.TryGetItems(out ReadOnlyMemory<RespReply> fields))
        {
            for (int i = 0; i + 1 < fields.Length; i += 2)
            {
                if (fields.Span[i].TryGetText(out string name) && name == "commands" && fields.Span[i + 1].TryGetText(out string rules))
                {
                    return [.. Commands.Select(command => (bool?)CommandRules.Allow(rules, command))];
                }
            }
        }

        return [null, null, null];
    }
}
