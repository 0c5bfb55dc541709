using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>Asks a cluster what its shards are, by any node of it that answers.</summary>
internal static class ClusterSurvey
{
    /// <summary>A cluster most of whose nodes are silent has none that can be backed up: more are not asked.</summary>
    private const int MostAsked = 6;

    /// <summary>How every node of the cluster is logged in to; the endpoint is each one's own.</summary>
    public static CacheAddress LoginOf(Cache cache) => cache.ConfigurationAddress ?? cache.Shards[0].Address;

    /// <summary>What the first node says that answers: one that is asked for first, then what the record names.</summary>
    /// <exception cref="CacheUnreachableException">None does.</exception>
    /// <exception cref="ClusterUnsettledException">The node that answers is in no cluster at this moment.</exception>
    public static async Task<ClusterMap> AskAsync(ICaches caches, Cache cache, CacheEndpoint? first, CancellationToken cancellationToken)
    {
        CacheAddress login = LoginOf(cache);
        IEnumerable<CacheEndpoint> known = cache.Shards.Select(shard => shard.Address.Endpoint)
            .Concat(cache.Shards.SelectMany(shard => shard.Replicas ?? []));
        CacheEndpoint[] asked = [.. (first is null ? [] : new[] { first }).Append(login.Endpoint).Concat(known).Distinct().Take(MostAsked)];
        for (int i = 0; ; i++)
        {
            try
            {
                return await AskAsync(caches, login with { Endpoint = asked[i] }, cancellationToken);
            }
            catch (Exception e) when (e is CacheUnreachableException or InvalidRequestException && i + 1 < asked.Length)
            {
                // Silent, or announced where nothing may be asked. The next one may know better; what the last one says is told.
            }
        }
    }

    /// <summary>What this node says.</summary>
    /// <exception cref="ClusterUnsettledException">It is in no cluster at this moment.</exception>
    public static async Task<ClusterMap> AskAsync(ICaches caches, CacheAddress address, CancellationToken cancellationToken) =>
        (await caches.ProbeAsync(address, cancellationToken)).Cluster
        ?? throw new ClusterUnsettledException($"{address.Endpoint} is a node of no cluster any more. Register the cache anew if it has become another one.");

    /// <summary>Requires that every slot is served.</summary>
    /// <exception cref="ClusterUnsettledException">Some are not.</exception>
    public static void RequireWhole(CacheName name, ClusterMap map)
    {
        if (map.Uncovered is { IsEmpty: false } free)
        {
            throw new ClusterUnsettledException(
                $"Of the cluster {name} {free.Count:N0} slot(s) have no primary ({Shown(free)}): a backup would lack their keys. Mend the cluster (CLUSTER INFO), then try again.");
        }
    }

    /// <summary>
    /// The shards that the map shows, in the order of their lowest slots. A shard keeps the number under which it was known if it has most of the
    /// slots of that one; the others take free numbers. Position in a list says nothing.
    /// </summary>
    public static IReadOnlyList<CacheShard> Shards(IReadOnlyList<CacheShard> known, CacheAddress login, ClusterMap map)
    {
        IReadOnlyList<ClusterNode> primaries = map.Primaries;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var pairs = from shard in known
                    where shard.Slots is not null
                    from primary in primaries
                    let shared = primary.Slots.CountShared(shard.Slots!.Value)
                    where shared > 0
                    orderby shared descending, shard.Number
                    select (Primary: primary.Id, shard.Number);
        foreach ((string primary, int number) in pairs)
        {
            if (!numbers.ContainsKey(primary) && !numbers.ContainsValue(number))
            {
                numbers.Add(primary, number);
            }
        }

        int free = 1;
        return
        [
            .. primaries.Select(primary =>
            {
                if (!numbers.TryGetValue(primary.Id, out int number))
                {
                    while (numbers.ContainsValue(free))
                    {
                        free++;
                    }

                    numbers.Add(primary.Id, number = free);
                }

                CacheEndpoint[] replicas = [.. map.ReplicasOf(primary).Select(replica => replica.Endpoint)];
                return new CacheShard(number, login with { Endpoint = primary.Endpoint }, known.FirstOrDefault(shard => shard.Number == number)?.Last)
                {
                    Slots = primary.Slots,
                    Replicas = replicas.Length > 0 ? replicas : null,
                };
            }),
        ];
    }

    /// <summary>Slots in a message: all of a few, the beginning of many.</summary>
    public static string Shown(SlotSet slots)
    {
        const int Longest = 60;
        return slots.Value.Length <= Longest ? slots.Value : slots.Value[..Longest] + " …";
    }
}
