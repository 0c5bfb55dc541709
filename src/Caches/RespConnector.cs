using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>Makes RESP connections: a stream, then AUTH.</summary>
internal static class RespConnector
{
    public static Task<RespConnection> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        CacheConnector.ConnectAsync(
            address,
            credentials,
            options,
            time,
            async (stream, socket, login, token) =>
            {
                var connection = new RespConnection(stream, address.Endpoint, options, time, socket);
                await AuthenticateAsync(connection, login, token).ConfigureAwait(false);
                return connection;
            },
            cancellationToken);

    private static async Task AuthenticateAsync(RespConnection connection, CacheLogin? login, CancellationToken cancellationToken)
    {
        try
        {
            if (login is null)
            {
                return;
            }

            RespCommand auth = login.Username is null
                ? new RespCommand("AUTH", login.Password.Reveal())
                : new RespCommand("AUTH", login.Username, login.Password.Reveal());
            RespReply reply = await connection.SendAsync(auth, cancellationToken).ConfigureAwait(false);
            if (!reply.IsOk)
            {
                throw RefusedCredentials(connection, reply);
            }
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static Exception RefusedCredentials(RespConnection connection, in RespReply reply)
    {
        Exception refusal = connection.Refusal("AUTH", reply);
        if (refusal is not CacheProtocolException || !reply.TryGetError(out RespError error))
        {
            return refusal;
        }

        // Before ACLs (Redis 6) a wrong password was a plain ERR; so is, to this day, a password that the cache does not have.
        return error.Says("no password is set") || error.Says("without any password configured")
            ? new CacheAccessDeniedException($"{connection.Endpoint} has no password for the default user. Leave the password out, or name the ACL user.")
            : new CacheAccessDeniedException($"{connection.Endpoint} refused AUTH ({error.Code}). Check the password, and that the server knows ACL users if one is named.");
    }
}
