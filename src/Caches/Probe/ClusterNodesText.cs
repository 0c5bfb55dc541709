using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Probe;

/// <summary>
/// The answer to CLUSTER NODES: a line a node, <c>id ip:port@bus[,host] flags primary ping pong epoch link slot…</c>. Source: the command's page in
/// the Redis and Valkey references.
/// </summary>
internal static class ClusterNodesText
{
    private const int FieldsBeforeSlots = 8;

    /// <param name="asked">How the node was reached: the host of one that does not know its own address.</param>
    /// <exception cref="CacheProtocolException">A line is none of those.</exception>
    public static ClusterMap Parse(string text, CacheEndpoint asked)
    {
        var nodes = new List<ClusterNode>();
        ClusterNode? myself = null;
        var moving = new List<string>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] fields = line.Split(' ');
            if (fields.Length < FieldsBeforeSlots)
            {
                throw Unreadable(asked);
            }

            string[] flags = fields[2].Split(',');
            if (flags.Contains("noaddr") || flags.Contains("handshake"))
            {
                continue;
            }

            ClusterNode node = NodeOf(fields, flags, asked);
            nodes.Add(node);
            if (flags.Contains("myself"))
            {
                myself = node;
                moving.AddRange(fields.Skip(FieldsBeforeSlots).Where(IsMark).Select(mark => mark[1..mark.IndexOf('-', StringComparison.Ordinal)]));
            }
        }

        return new ClusterMap
        {
            AskedId = myself?.Id ?? throw Unreadable(asked),
            Nodes = nodes,
            Moving = SlotsOf(moving, asked),
        };
    }

    private static ClusterNode NodeOf(string[] fields, string[] flags, CacheEndpoint asked)
    {
        bool isMyself = flags.Contains("myself");
        bool isPrimary = flags.Contains("master");
        return new ClusterNode
        {
            Id = fields[0],
            Endpoint = EndpointOf(fields[1], asked),
            PrimaryId = isPrimary || fields[3] == "-" ? null : fields[3],
            ConfigEpoch = long.TryParse(fields[6], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch) ? epoch : throw Unreadable(asked),
            Slots = isPrimary ? SlotsOf(fields.Skip(FieldsBeforeSlots).Where(field => !IsMark(field)), asked) : SlotSet.None,
            IsUp = (isMyself || fields[7] == "connected") && !flags.Contains("fail") && !flags.Contains("fail?"),
        };
    }

    /// <summary><c>[93->-id]</c> leaves, <c>[93-&lt;-id]</c> comes.</summary>
    private static bool IsMark(string field) => field.StartsWith('[') && field.Contains('-', StringComparison.Ordinal);

    private static SlotSet SlotsOf(IEnumerable<string> ranges, CacheEndpoint asked)
    {
        try
        {
            return SlotSet.FromCatalog(string.Join(',', ranges));
        }
        catch (InvalidRequestException)
        {
            throw Unreadable(asked);
        }
    }

    /// <summary>The host name before the address: certificates and secrets name hosts.</summary>
    private static CacheEndpoint EndpointOf(string text, CacheEndpoint asked)
    {
        string[] parts = text.Split(',');
        string address = parts[0].Split('@')[0];
        int colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            throw Unreadable(asked);
        }

        string host = parts.Length > 1 && parts[1].Length > 0 && parts[1] != "?" && !parts[1].Contains('=', StringComparison.Ordinal)
            ? parts[1]
            : address[..colon];
        return new CacheEndpoint(host.Length == 0 ? asked.Host : host, port);
    }

    private static CacheProtocolException Unreadable(CacheEndpoint asked) =>
        new($"{asked} answered CLUSTER NODES with what is no list of a cluster's nodes.");
}
