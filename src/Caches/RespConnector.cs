using System.Net;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using ICredentials = CacheBackup.Core.Operations.ICredentials;

namespace CacheBackup.Caches;

/// <summary>Makes connections: TCP, then TLS, then AUTH.</summary>
internal static class RespConnector
{
    public static async Task<RespConnection> ConnectAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectOnceAsync(address, credentials, options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (CacheAccessDeniedException) when (address.Password is not null && credentials.Forget(address))
        {
            // The password may have been changed since it was read.
            return await ConnectOnceAsync(address, credentials, options, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<RespConnection> ConnectOnceAsync(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        CacheLogin? login = address.Password is null
            ? null
            : await credentials.ResolveAsync(address, cancellationToken).ConfigureAwait(false);
        Secret<string>? certificate = address.Tls?.ClientCertificate is { } reference
            ? await credentials.ReadCertificateAsync(reference, address, cancellationToken).ConfigureAwait(false)
            : null;
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            (Stream stream, Socket socket) = await OpenAsync(address, certificate, options.Addresses, linked.Token).ConfigureAwait(false);
            var connection = new RespConnection(stream, address.Endpoint, options, time, socket);
            await AuthenticateAsync(connection, login, linked.Token).ConfigureAwait(false);
            return connection;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConnectionFailure.ConnectTimedOut(address.Endpoint, options.ConnectTimeout, address.Tls is not null, e);
        }
    }

    private static async Task<(Stream Stream, Socket Socket)> OpenAsync(
        CacheAddress address, Secret<string>? certificate, AddressRule rule, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);

            // What was looked up is what is connected to: a second look-up could answer otherwise.
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(address.Endpoint.Host, cancellationToken).ConfigureAwait(false);
            rule.Check(address.Endpoint, addresses);
            await socket.ConnectAsync(addresses, address.Endpoint.Port, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            return address.Tls is null
                ? (stream, socket)
                : (await TlsHandshake.RunAsync(stream, address.Tls, address.Endpoint, certificate, cancellationToken).ConfigureAwait(false), socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw ConnectionFailure.NotConnected(address.Endpoint, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

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
