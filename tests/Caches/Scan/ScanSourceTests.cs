using CacheBackup.Caches.Scan;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>The scan of a server that answers from a script: what no real one does at will.</summary>
public sealed class ScanSourceTests
{
    [Fact]
    public async Task A_key_that_is_named_again_is_in_the_file_once()
    {
        (KeysOf keys, SnapshotOrigin origin) = await ScanAsync(new ScanScript { Pages = [["a", "b"], ["b", "c"], [], ["a", "d"]] });
        Assert.Equal(["a", "b", "c", "d"], keys.All.Order());
        Assert.Equal((4, 2L), (keys.Count, origin.Scan!.Repeated));
    }

    [Fact]
    public async Task A_key_that_vanished_is_counted_and_left_out()
    {
        (KeysOf keys, SnapshotOrigin origin) = await ScanAsync(new ScanScript
        {
            Pages = [["a", "gone", "c"]],
            PayloadOf = key => key == "gone" ? null : ScanScript.Payload("\u0001x"u8.ToArray(), 10),
        });
        Assert.Equal(["a", "c"], keys.All.Order());
        Assert.Equal(1, origin.Scan!.Vanished);
    }

    [Fact]
    public async Task A_payload_with_a_wrong_checksum_fails_the_scan_and_names_no_key()
    {
        ScanScript script = new()
        {
            Pages = [["a", "secret-key"]],
            PayloadOf = key =>
            {
                byte[] payload = ScanScript.Payload("\u0006secret"u8.ToArray(), 10);
                payload[3] ^= key == "a" ? (byte)0 : (byte)1;
                return payload;
            },
        };
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => ScanAsync(script));
        Assert.DoesNotContain("secret", cut.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_payload_that_is_too_short_is_no_payload(int length) =>
        await Assert.ThrowsAsync<CacheProtocolException>(() => ScanAsync(new ScanScript { Pages = [["a"]], PayloadOf = _ => new byte[length] }));

    [Fact]
    public async Task Payloads_of_another_version_than_the_servers_are_refused() =>
        await Assert.ThrowsAsync<CacheProtocolException>(
            () => ScanAsync(new ScanScript { Pages = [["a"]], PayloadOf = _ => ScanScript.Payload("\u0001x"u8.ToArray(), 11) }));

    [Theory]
    [InlineData("another process", 'c', "master")]
    [InlineData("another primary", 'a', "slave")]
    public async Task A_server_that_is_another_in_the_end_fails_the_scan(string what, char run, string role)
    {
        ScanScript script = new()
        {
            Pages = [["a"]],
            After = $"redis_version:7.0.15\r\nrun_id:{new string(run, 40)}\r\nrole:{role}\r\nmaster_link_status:up\r\nmaster_replid:b\r\n",
        };
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => ScanAsync(script));
        Assert.Contains(what, cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_server_tells_expiries_relative_to_its_clock_in_the_same_transaction()
    {
        ScanScript script = new()
        {
            Version = "6.2.14",
            Pages = [["a"]],
            PayloadOf = _ => ScanScript.Payload("\u0001x"u8.ToArray(), 9),
        };
        (KeysOf keys, SnapshotOrigin origin) = await ScanAsync(script);
        Assert.Equal(1_700_000_002_500, keys.Entries["a"].ExpireAtMilliseconds);
        Assert.True(origin.Scan!.ApproximateExpiries);
        Assert.Contains("±1 ms", origin.Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Functions_that_may_not_be_asked_for_are_unknown_and_not_none()
    {
        (_, SnapshotOrigin origin) = await ScanAsync(new ScanScript { Pages = [["a"]] });
        Assert.True(origin.Scan!.FunctionsUnknown);
        Assert.Contains("functions unknown", origin.Method, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_list_of_functions_is_a_breach_of_the_protocol() =>
        await Assert.ThrowsAsync<CacheProtocolException>(() => ScanAsync(new ScanScript { Pages = [["a"]], Functions = "$3\r\nabc\r\n" }));

    /// <summary>Else the server has nothing to do each time that a page's values have come.</summary>
    [Fact]
    public async Task The_next_names_are_asked_for_before_the_values_at_hand()
    {
        List<string> commands = [];
        await ScanAsync(new ScanScript
        {
            Pages = [["a"], ["b"], ["c"]],
            Instead = command =>
            {
                commands.Add(command[0]);
                return null;
            },
        });
        Assert.Equal(["SCAN", "SCAN", "EXEC", "SCAN", "EXEC", "EXEC"], commands.Where(command => command is "SCAN" or "EXEC"));
    }

    /// <summary>The server builds the whole answer of a transaction before anybody reads a byte of it.</summary>
    [Theory]
    [InlineData(5 * 1024 * 1024, 1)]
    [InlineData(100, ScanOptions.KeysAtOnce)]
    public async Task Of_large_values_one_is_asked_for_at_a_time(int valueBytes, int mostAtOnce)
    {
        List<string> commands = [];
        byte[] large = [0x80, .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(valueBytes)), .. new byte[valueBytes]];
        await ScanAsync(new ScanScript
        {
            Pages = [[.. Enumerable.Range(0, 40).Select(i => $"key-{i}")]],
            PayloadOf = _ => ScanScript.Payload(large, version: 10),
            Instead = command =>
            {
                commands.Add(command[0]);
                return null;
            },
        });
        int most = string.Join(' ', commands).Split("EXEC").Max(group => group.Split(' ').Count(command => command == "DUMP"));
        Assert.Equal(mostAtOnce, most);
    }

    private static async Task<(KeysOf Keys, SnapshotOrigin Origin)> ScanAsync(ScanScript script)
    {
        await using FakeCacheServer server = script.Start();
        var source = new ScanSource(server.Address, KnownPassword.Instance, ScanOptions.Default, TimeProvider.System);
        await using SnapshotTransfer transfer = await source.OpenAsync(default);
        byte[] rdb = await Drain.AllAsync(transfer.Content);
        return (KeysOf.Read(rdb), transfer.Origin);
    }
}
