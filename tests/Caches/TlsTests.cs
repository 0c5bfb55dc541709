using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>Whom the connection trusts: on a scripted peer, and on both real servers.</summary>
[Trait("Category", "Server")]
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TestCertificates _strangers = new();

    public static TheoryData<CacheEngine?> Peers => new() { (CacheEngine?)null, CacheEngine.Redis, CacheEngine.Valkey };

    public void Dispose()
    {
        _certificates.Dispose();
        _strangers.Dispose();
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task A_good_certificate_is_accepted(CacheEngine? engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server());
        Assert.Equal("PONG", await PingAsync(Address(peer, "localhost", _certificates)));
        Assert.Equal("PONG", await PingAsync(Address(peer, "127.0.0.1", _certificates)));
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task The_name_to_check_can_be_stated(CacheEngine? engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server("cache.example"));
        CacheAddress address = Address(peer, "127.0.0.1", _certificates);
        Assert.Equal("PONG", await PingAsync(address with { Tls = address.Tls! with { ServerName = "cache.example" } }));
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Another_name_is_refused(CacheEngine? engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server("cache.example"));
        await RefusesAsync(Address(peer, "localhost", _certificates), "not for the name localhost");
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task An_unknown_authority_is_refused(CacheEngine? engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server());
        await RefusesAsync(Address(peer, "localhost", _strangers), "chain is not valid");
        await RefusesAsync(Address(peer, "localhost", null), "chain is not valid");
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task An_expired_certificate_is_refused(CacheEngine? engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server(isExpired: true));
        await RefusesAsync(Address(peer, "localhost", _certificates), nameof(X509ChainStatusFlags.NotTimeValid));
    }

    [Theory]
    [InlineData("no certificate at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public async Task Authorities_that_are_none_are_refused(string pem)
    {
        await using Peer peer = await StartAsync(null, _certificates.Server());
        CacheAddress address = Address(peer, "localhost", _certificates);
        await RefusesAsync(address with { Tls = new CacheTls { AuthoritiesPem = pem } }, "PEM certificate");
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task TLS_to_a_port_without_it_is_said_to_be_that(CacheEngine engine)
    {
        // Such a server waits for the end of a line: the handshake never ends.
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        CacheAddress address = server.Address with { Tls = new CacheTls() };
        var options = new RespConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var unreachable = await Assert.ThrowsAsync<CacheUnreachableException>(() => PingAsync(address, options));
        Assert.Contains("does not speak TLS", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_to_a_peer_that_answers_something_else_is_a_TLS_failure()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(connection => connection.SendAsync("-ERR max number of clients reached\r\n"));
        await RefusesAsync(peer.Address with { Tls = new CacheTls() }, "Check that the port speaks TLS");
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Plain_text_to_a_TLS_port_is_said_to_be_that(CacheEngine engine)
    {
        await using Peer peer = await StartAsync(engine, _certificates.Server());
        CacheAddress plain = Address(peer, "localhost", null) with { Tls = null };
        var unreachable = await Assert.ThrowsAsync<CacheUnreachableException>(() => PingAsync(plain));
        Assert.Contains("TLS", unreachable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_server_that_demands_a_client_certificate_is_shown_one_and_refuses_none_and_a_strangers(CacheEngine engine)
    {
        string authorities = Path.GetTempFileName();
        await File.WriteAllTextAsync(authorities, _certificates.AuthorityPem);
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            Certificate = _certificates.Server(),
            AuthorityPem = _certificates.AuthorityPem,
            Configuration = [$"tls-ca-cert-file {authorities}", "tls-auth-clients optional"],
        });
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("CONFIG", "SET", "tls-auth-clients", "yes");
        CacheAddress showing = server.Address with { Tls = server.Address.Tls! with { ClientCertificate = KnownPassword.Reference } };

        Assert.Equal("PONG", await PingAsync(showing, credentials: new KnownPassword(string.Empty, _certificates.ClientPem())));
        var none = await Assert.ThrowsAsync<CacheTlsException>(() => PingAsync(server.Address));
        Assert.Contains("client certificate", none.Message, StringComparison.Ordinal);
        var strange = await Assert.ThrowsAsync<CacheTlsException>(
            () => PingAsync(showing, credentials: new KnownPassword(string.Empty, _strangers.ClientPem())));
        Assert.Contains("client certificate", strange.Message, StringComparison.Ordinal);
        File.Delete(authorities);
    }

    [Theory]
    [InlineData("nothing of the kind")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")]
    public async Task A_client_certificate_that_is_none_is_refused_without_a_word_of_it(string pem)
    {
        await using Peer peer = await StartAsync(null, _certificates.Server());
        CacheAddress address = Address(peer, "localhost", _certificates);
        CacheAddress showing = address with { Tls = address.Tls! with { ClientCertificate = KnownPassword.Reference } };
        var refused = await Assert.ThrowsAsync<CacheTlsException>(() => PingAsync(showing, credentials: new KnownPassword(string.Empty, pem)));
        Assert.Contains("no PEM certificate with its private key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(CacheAddress address, string reason, RespConnectionOptions? options = null)
    {
        var refused = await Assert.ThrowsAsync<CacheTlsException>(() => PingAsync(address, options));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(address.Endpoint.ToString(), refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> PingAsync(CacheAddress address, RespConnectionOptions? options = null, KnownPassword? credentials = null)
    {
        await using RespConnection connection = await RespConnection.ConnectAsync(
            address, credentials ?? KnownPassword.Instance, options ?? RespConnectionOptions.Default, TimeProvider.System, default);
        RespReply reply = await connection.SendAsync(new RespCommand("PING"), default);
        return reply.TryGetText(out string text) ? text : throw new InvalidOperationException("PING was answered otherwise.");
    }

    private static CacheAddress Address(Peer peer, string host, TestCertificates? trusted) => new()
    {
        Endpoint = new CacheEndpoint(host, peer.Port),
        Tls = new CacheTls { AuthoritiesPem = trusted?.AuthorityPem },
    };

    private static async Task<Peer> StartAsync(CacheEngine? engine, X509Certificate2 certificate)
    {
        if (engine is { } real)
        {
            ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Engine = real, Certificate = certificate });
            return new Peer(server.Port, server);
        }

        FakeCacheServer fake = FakeCacheServer.Start(AnswerPingsAsync, certificate);
        return new Peer(fake.Endpoint.Port, fake);
    }

    private static async Task AnswerPingsAsync(FakeCacheConnection connection)
    {
        while (await connection.ReadCommandAsync() is not null)
        {
            await connection.SendAsync("+PONG\r\n");
        }
    }

    private sealed record Peer(int Port, IAsyncDisposable Server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
