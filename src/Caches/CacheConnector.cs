using System.Net;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using ICredentials = CacheBackup.Core.Operations.ICredentials;

namespace CacheBackup.Caches;

/// <summary>
/// Makes connections of any protocol: name look-up, TCP, TLS, and what the protocol does to log in, all within one time limit.
/// </summary>
internal static class CacheConnector
{
    /// <summary>Turns an open stream into a connection that is logged in; on failure it disposes what it made of the stream.</summary>
    /// <param name="stream">Plain or TLS.</param>
    /// <param name="socket">What is under it, which it owns.</param>
    /// <param name="login">Null where the address names no password.</param>
    /// <param name="cancellationToken">Ends with the time for the whole of it.</param>
    public delegate Task<T> Greeting<T>(Stream stream, Socket socket, CacheLogin? login, CancellationToken cancellationToken);

    /// <exception cref="CacheUnreachableException">Name look-up or connection failed, or took too long.</exception>
    /// <exception cref="CacheTlsException">Certificate, name or protocol.</exception>
    /// <exception cref="CacheAccessDeniedException">The cache refused the credentials.</exception>
    public static async Task<T> ConnectAsync<T>(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, Greeting<T> greetAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectOnceAsync(address, credentials, options, time, greetAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (CacheAccessDeniedException) when (address.Password is not null && credentials.Forget(address))
        {
            // The password may have been changed since it was read.
            return await ConnectOnceAsync(address, credentials, options, time, greetAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> ConnectOnceAsync<T>(
        CacheAddress address, ICredentials credentials, RespConnectionOptions options, TimeProvider time, Greeting<T> greetAsync, CancellationToken cancellationToken)
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
            return await greetAsync(stream, socket, login, linked.Token).ConfigureAwait(false);
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
}
