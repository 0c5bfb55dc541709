using CacheBackup.Core.Resp;

namespace CacheBackup.Caches.Probe;

/// <summary>
/// Whether commands are to be had, without running them. Those that are renamed or disabled are missing in COMMAND INFO; rights are told by ACL
/// DRYRUN (7.0) or read from ACL GETUSER (6.0).
/// </summary>
internal static class CommandRights
{
    /// <summary>One answer for each command. What cannot be asked is taken to exist.</summary>
    public static async Task<bool[]> ExistAsync(RespConnection connection, IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        RespReply known = await connection
            .SendAsync(new RespCommand("COMMAND INFO", [.. commands.Select(command => (RespArgument)command)]), cancellationToken).ConfigureAwait(false);
        bool[] exists = [.. commands.Select(_ => true)];
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

    /// <summary>One answer for each command with its arguments; null where the server does not tell.</summary>
    public static async Task<bool?[]> AllowedAsync(RespConnection connection, IReadOnlyList<string[]> commands, CancellationToken cancellationToken)
    {
        var allowed = new bool?[commands.Count];
        RespReply whoAmI = await connection.SendAsync(new RespCommand("ACL WHOAMI"), cancellationToken).ConfigureAwait(false);
        if (!whoAmI.TryGetBytes(out ReadOnlyMemory<byte> user))
        {
            return allowed;
        }

        foreach (string[] command in commands)
        {
            connection.Write(new RespCommand("ACL DRYRUN", [user, .. command.Select(word => (RespArgument)word)]));
        }

        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        bool isUnknown = false;
        for (int i = 0; i < allowed.Length; i++)
        {
            RespReply reply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            allowed[i] = reply.IsError ? null : reply.IsOk;
            isUnknown |= reply.TryGetError(out RespError error) && error.Says("unknown subcommand");
        }

        return isUnknown ? await AllowedByRulesAsync(connection, user, commands, cancellationToken).ConfigureAwait(false) : allowed;
    }

    private static async Task<bool?[]> AllowedByRulesAsync(
        RespConnection connection, ReadOnlyMemory<byte> user, IReadOnlyList<string[]> commands, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.SendAsync(new RespCommand("ACL GETUSER", user), cancellationToken).ConfigureAwait(false);
        if (reply.TryGetItems(out ReadOnlyMemory<RespReply> fields))
        {
            for (int i = 0; i + 1 < fields.Length; i += 2)
            {
                if (fields.Span[i].TryGetText(out string name) && name == "commands" && fields.Span[i + 1].TryGetText(out string rules))
                {
                    return [.. commands.Select(command => CommandRules.Allow(rules, command[0]))];
                }
            }
        }

        return new bool?[commands.Count];
    }
}
