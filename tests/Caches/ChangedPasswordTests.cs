using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>A password that was changed since it was read is read anew, once.</summary>
public sealed class ChangedPasswordTests
{
    private const string Refusal = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

    [Fact]
    public async Task Password_that_is_refused_is_read_anew()
    {
        RotatingPassword credentials = new("old", "new");
        await using FakeCacheServer server = FakeCacheServer.Start(Accepting("AUTH new"));
        await using RespConnection connection = await ConnectAsync(server, credentials);
        Assert.Equal(["AUTH old", "AUTH new"], server.Commands);
    }

    [Fact]
    public async Task Password_that_is_refused_again_is_refused()
    {
        RotatingPassword credentials = new("old", "older", "oldest");
        await using FakeCacheServer server = FakeCacheServer.Start(Accepting("AUTH new"));
        await Assert.ThrowsAsync<CacheAccessDeniedException>(() => ConnectAsync(server, credentials));
        Assert.Equal(["AUTH old", "AUTH older"], server.Commands);
    }

    [Fact]
    public async Task Where_nothing_is_kept_nothing_is_read_anew()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(Accepting("AUTH new"));
        CacheAddress address = server.Address with { Password = KnownPassword.Reference };
        await Assert.ThrowsAsync<CacheAccessDeniedException>(
            () => RespConnection.ConnectAsync(address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default));
        Assert.Single(server.Commands);
    }

    [Fact]
    public async Task User_that_comes_with_the_password_is_sent()
    {
        RotatingPassword credentials = new("word") { Username = "backup" };
        await using FakeCacheServer server = FakeCacheServer.Start(Accepting("AUTH backup word"));
        await using RespConnection connection = await ConnectAsync(server, credentials);
        Assert.Equal(["AUTH backup word"], server.Commands);
    }

    private static Func<FakeCacheConnection, Task> Accepting(string auth) =>
        async connection =>
        {
            string[] command = await connection.ReadCommandAsync() ?? [];
            await connection.SendAsync(string.Join(' ', command) == auth ? "+OK\r\n" : Refusal);
            await connection.ListenAsync();
        };

    private static Task<RespConnection> ConnectAsync(FakeCacheServer server, ICredentials credentials) => RespConnection.ConnectAsync(
        server.Address with { Password = KnownPassword.Reference }, credentials, RespConnectionOptions.Default, TimeProvider.System, default);

    private sealed class RotatingPassword(params string[] passwords) : ICredentials
    {
        private int _forgotten;

        public string? Username { get; init; }

        public Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken) =>
            Task.FromResult(new CacheLogin(Username, new Secret<string>(passwords[_forgotten])));

        public Task<Secret<string>> ReadCertificateAsync(CredentialReference reference, CacheAddress address, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No certificate is shown here.");

        public bool Forget(CacheAddress address)
        {
            _forgotten++;
            return true;
        }
    }
}
