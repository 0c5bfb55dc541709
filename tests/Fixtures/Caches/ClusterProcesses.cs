using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;

namespace CacheBackup.Fixtures.Caches;

/// <summary>
/// A real cluster of redis-server or valkey-server processes on loopback: shards in the order of their slots, each with its primary first. Every node
/// knows every other once it is started, and all agree about slots and epochs.
/// </summary>
public sealed class ClusterProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ClusterOptions _options;
    private readonly List<(ServerProcess Server, int BusPort)> _nodes = [];

    private ClusterProcesses(ClusterOptions options) => _options = options;

    /// <summary>Every node: the primaries in the order of their slots, then the replicas, one of each shard at a time.</summary>
    public IReadOnlyList<ServerProcess> Nodes => [.. _nodes.Select(node => node.Server)];

    /// <summary>The nodes that were primaries at first, in the order of their slots.</summary>
    public IReadOnlyList<ServerProcess> Primaries => [.. Nodes.Take(_options.Shards)];

    /// <summary>Any node's address serves for the whole cluster.</summary>
    public CacheAddress Address => Nodes[0].Address;

    public static async Task<ClusterProcesses> StartAsync(ClusterOptions options)
    {
        var cluster = new ClusterProcesses(options);
        try
        {
            int nodes = options.Shards * (1 + options.Replicas);
            cluster._nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => cluster.StartNodeAsync())));
            await cluster.JoinAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public static Task<ClusterProcesses> StartAsync(CacheEngine engine, int shards, int replicas = 0) =>
        StartAsync(new ClusterOptions { Engine = engine, Shards = shards, Replicas = replicas });

    /// <summary>The replicas that a shard had at first, by its place among the primaries.</summary>
    public IReadOnlyList<ServerProcess> ReplicasOf(int shard) => [.. Nodes.Skip(_options.Shards).Where((_, i) => i % _options.Shards == shard)];

    public static async Task<string> IdOfAsync(ServerProcess node)
    {
        await using CacheClient client = await node.ConnectAsync();
        return await client.TextAsync("CLUSTER", "MYID");
    }

    /// <summary>Runs one command on a node.</summary>
    public static async Task<RespReply> SendAsync(ServerProcess node, params RespArgument[] words)
    {
        await using CacheClient client = await node.ConnectAsync();
        return await client.RequireAsync(words);
    }

    /// <summary>Marks a slot as on its way, on both sides.</summary>
    public static async Task OpenAsync(int slot, ServerProcess from, ServerProcess to)
    {
        await SendAsync(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", await IdOfAsync(from));
        await SendAsync(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", await IdOfAsync(to));
    }

    /// <summary>Moves a slot with its keys, as resharding tools do, and waits until all nodes know.</summary>
    public async Task MoveAsync(int slot, ServerProcess from, ServerProcess to)
    {
        await OpenAsync(slot, from, to);
        await using (CacheClient client = await from.ConnectAsync())
        {
            RespReply keys = await client.RequireAsync("CLUSTER", "GETKEYSINSLOT", slot, 100_000);
            keys.TryGetItems(out ReadOnlyMemory<RespReply> names);
            foreach (RespReply name in names.ToArray())
            {
                name.TryGetBytes(out ReadOnlyMemory<byte> key);
                await client.RequireAsync("MIGRATE", "127.0.0.1", to.Port, key, 0, 5000);
            }
        }

        string id = await IdOfAsync(to);
        await SendAsync(to, "CLUSTER", "SETSLOT", slot, "NODE", id);
        foreach (ServerProcess node in Primaries.Where(node => node != to))
        {
            await SendAsync(node, "CLUSTER", "SETSLOT", slot, "NODE", id);
        }

        await WaitUntilAllAgreeAsync();
    }

    /// <summary>Makes a replica the primary of its shard, and waits until all nodes know.</summary>
    public async Task FailOverAsync(ServerProcess replica)
    {
        await SendAsync(replica, "CLUSTER", "FAILOVER");
        await UntilAsync(async () => (await TextAsync(replica, "ROLE")).StartsWith("master", StringComparison.Ordinal), "the failover");
        await WaitUntilAllAgreeAsync();
    }

    /// <summary>Which shard owned a key's slot at first.</summary>
    public int ShardOf(ReadOnlySpan<byte> key)
    {
        int slot = KeySlot.Of(key);
        return Enumerable.Range(0, _options.Shards).Last(shard => First(shard) <= slot);
    }

    public async Task WaitUntilAllAgreeAsync() => await UntilAsync(AllAgreeAsync, "all nodes to agree");

    public async ValueTask DisposeAsync()
    {
        foreach ((ServerProcess server, _) in _nodes)
        {
            await server.DisposeAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> TextAsync(ServerProcess node, params RespArgument[] words)
    {
        RespReply reply = await SendAsync(node, words);
        if (reply.TryGetItems(out ReadOnlyMemory<RespReply> items))
        {
            items.Span[0].TryGetText(out string first);
            return first;
        }

        reply.TryGetText(out string text);
        return text;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"The cluster of a test did not come to {what} within {Patience.TotalSeconds} s.");
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }

    private async Task<(ServerProcess Server, int BusPort)> StartNodeAsync()
    {
        int bus = FreePort();
        ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = _options.Engine,
            Certificate = _options.Certificates?.Node(),
            AuthorityPem = _options.Certificates?.AuthorityPem,
            Configuration =
            [
                .. _options.Certificates is null ? Array.Empty<string>() : ["tls-cluster yes", "tls-replication yes", $"tls-ca-cert-file {ServerProcess.AuthorityFile}"],
                "cluster-enabled yes", "cluster-config-file nodes.conf", $"cluster-port {bus}", "cluster-node-timeout 5000",
                "cluster-allow-replica-migration no", "repl-ping-replica-period 1", .. _options.Configuration,
            ],
        });
        return (server, bus);
    }

    private async Task JoinAsync()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            // Epochs of their own from the start: nodes that have the same take a while to settle it.
            await SendAsync(_nodes[i].Server, "CLUSTER", "SET-CONFIG-EPOCH", i + 1);
            if (i < _options.Shards)
            {
                await SendAsync(_nodes[i].Server, "CLUSTER", "ADDSLOTSRANGE", First(i), First(i + 1) - 1);
            }
        }

        // Everybody is introduced to everybody: gossip would take longer.
        for (int i = 0; i < _nodes.Count; i++)
        {
            foreach ((ServerProcess server, int bus) in _nodes.Skip(i + 1))
            {
                await SendAsync(_nodes[i].Server, "CLUSTER", "MEET", "127.0.0.1", server.Port, bus);
            }
        }

        await UntilAsync(async () => await KnownAsync() >= _nodes.Count, "know all nodes");
        for (int i = _options.Shards; i < _nodes.Count; i++)
        {
            string primary = await IdOfAsync(_nodes[i % _options.Shards].Server);
            await SendAsync(_nodes[i].Server, "CLUSTER", "REPLICATE", primary);
        }

        await WaitUntilAllAgreeAsync();
        await UntilAsync(ReplicasAreUpAsync, "link its replicas");
    }

    private int First(int shard) => (int)((long)KeySlot.Count * shard / _options.Shards);

    private async Task<int> KnownAsync()
    {
        int least = int.MaxValue;
        foreach (ServerProcess node in Nodes)
        {
            string[] lines = (await TextAsync(node, "CLUSTER", "NODES")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            least = Math.Min(least, lines.Count(line => !line.Contains("handshake", StringComparison.Ordinal) && !line.Contains("disconnected", StringComparison.Ordinal)));
        }

        return least;
    }

    private async Task<bool> AllAgreeAsync()
    {
        var views = new HashSet<string>();
        foreach (ServerProcess node in Nodes.Where(node => node.ProcessId > 0))
        {
            string[] lines = (await TextAsync(node, "CLUSTER", "NODES")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            views.Add(string.Join('\n', lines.Select(ViewOf).Order(StringComparer.Ordinal)));
            if (!(await TextAsync(node, "CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return views.Count == 1;
    }

    /// <summary>Who, whose replica, in what epoch, with which slots.</summary>
    private static string ViewOf(string line)
    {
        string[] fields = line.Split(' ');
        string role = fields[2].Contains("master", StringComparison.Ordinal) ? "master" : fields[3];
        IEnumerable<string> slots = fields.Skip(8).Where(field => !field.StartsWith('['));
        return string.Create(CultureInfo.InvariantCulture, $"{fields[0]} {role} {fields[6]} {string.Join(',', slots)}");
    }

    private async Task<bool> ReplicasAreUpAsync()
    {
        foreach (ServerProcess replica in Nodes.Skip(_options.Shards))
        {
            if (!(await TextAsync(replica, "INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
