using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;

namespace CacheBackup.Fixtures.Caches;

/// <summary>
/// A RESP peer that does what a script says, on a loopback port, in process: every connection runs the script once. With a certificate it
/// speaks TLS. A script that fails is reported when the server is disposed.
/// </summary>
public sealed class FakeCacheServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentBag<FakeCacheConnection> _peers = [];
    private readonly Func<FakeCacheConnection, Task> _script;
    private readonly X509Certificate2? _certificate;

    private FakeCacheServer(Func<FakeCacheConnection, Task> script, X509Certificate2? certificate)
    {
        _script = script;
        _certificate = certificate;
        _listener = new LoopbackListener(ServeAsync);
    }

    public CacheEndpoint Endpoint => _listener.Endpoint;

    public CacheAddress Address => new() { Endpoint = Endpoint };

    /// <summary>What clients sent, in order: the words of a command, a space between them.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Connections that were accepted so far.</summary>
    public int Connections => _listener.Connections;

    /// <summary>Connections that their client has not closed, of scripts that listen to the end.</summary>
    public int OpenConnections => _peers.Count(peer => !peer.ClientHasClosed);

    public static FakeCacheServer Start(Func<FakeCacheConnection, Task> script, X509Certificate2? certificate = null) => new(script, certificate);

    /// <summary>Plays a node that is asked for its data set.</summary>
    public static FakeCacheServer Start(FakeSource source, X509Certificate2? certificate = null) => new(source.PlayAsync, certificate);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket socket, CancellationToken end)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: false);
        if (_certificate is { } certificate)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = WithKey(certificate) }, end);
            stream = tls;
        }

        var peer = new FakeCacheConnection(socket, stream, _commands.Enqueue, end);
        _peers.Add(peer);
        await _script(peer);
    }

    /// <summary>A key that lives in memory alone is not usable for a TLS server everywhere: the round trip through PKCS #12 makes it so.</summary>
    private static X509Certificate2 WithKey(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
}
