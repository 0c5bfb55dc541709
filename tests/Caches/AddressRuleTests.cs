using System.Net;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>In AWS nobody has the service talk to the function's own machine by registering a cache.</summary>
public sealed class AddressRuleTests
{
    private static readonly RespConnectionOptions InAws = RespConnectionOptions.Default with { Addresses = AddressRule.NothingLocal };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Local_address_is_refused_in_AWS_and_nowhere_else(string address)
    {
        Assert.False(AddressRule.NothingLocal.Allows(IPAddress.Parse(address)));
        Assert.True(AddressRule.Any.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("172.31.255.1")]
    [InlineData("192.168.169.254")]
    [InlineData("169.253.1.1")]
    [InlineData("128.0.0.1")]
    [InlineData("fd00:ec1::254")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:10.0.0.7")]
    public void Address_of_a_network_is_allowed(string address) => Assert.True(AddressRule.NothingLocal.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Host_that_leads_to_a_local_address_is_never_connected_to(string host)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(connection => connection.ListenAsync());
        CacheAddress address = new() { Endpoint = new CacheEndpoint(host, server.Endpoint.Port) };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => RespConnection.ConnectAsync(address, KnownPassword.Instance, InAws, TimeProvider.System, default));

        Assert.Contains(host, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Caches_of_AWS_keep_to_the_rule_in_all_that_they_do()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(connection => connection.ListenAsync());
        LiveCaches caches = new(KnownPassword.Instance, TimeProvider.System, InAws);

        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.ProbeAsync(server.Address, default));
        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.ConnectTargetAsync(server.Address, default));
        await Assert.ThrowsAsync<InvalidRequestException>(() => caches.Source(server.Address, BackupMethod.Stream).OpenAsync(default));
        Assert.Equal(0, server.Connections);
    }
}
