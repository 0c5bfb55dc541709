using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Clusters;

/// <summary>
/// A cluster that is being filled and read back: a connection to each primary, and each key to the one that owns its slot. The slots are those of the
/// moment when it was connected to; a node that answers -MOVED or -ASK since ends it with <see cref="ClusterUnsettledException"/>, and whoever
/// connects again goes by the slots as they are then. Memory and connections: those of a <see cref="RespTarget"/> for each primary.
/// </summary>
public sealed class ClusterTarget : IRestoreTarget
{
    private readonly ClusterMap _map;
    private readonly RespTarget[] _nodes;
    private readonly int[] _nodeOfSlot = new int[KeySlot.Count];
    private RespTarget? _large;
    private TargetFormats? _formats;

    private ClusterTarget(ClusterMap map, IReadOnlyList<ClusterNode> primaries, RespTarget[] nodes)
    {
        _map = map;
        _nodes = nodes;
        for (int number = 0; number < nodes.Length; number++)
        {
            bool[] owned = primaries[number].Slots.ToTable();
            for (int slot = 0; slot < owned.Length; slot++)
            {
                _nodeOfSlot[slot] = owned[slot] ? number : _nodeOfSlot[slot];
            }
        }
    }

    /// <param name="asked">The node that gave the map; it becomes one of ours, or is closed.</param>
    /// <param name="connect">Connects to a node.</param>
    /// <exception cref="ClusterUnsettledException">A slot has no primary, or one that is down.</exception>
    internal static async Task<ClusterTarget> ConnectAsync(RespTarget asked, ClusterMap map, Func<CacheEndpoint, Task<RespTarget>> connect)
    {
        IReadOnlyList<ClusterNode> primaries = map.Primaries;
        if (!map.Uncovered.IsEmpty || primaries.Any(primary => !primary.IsUp))
        {
            throw new ClusterUnsettledException(
                $"The cluster of {map.Asked.Endpoint} does not serve all slots ({map.Uncovered.Count:N0} without a primary, "
                + $"{primaries.Count(primary => !primary.IsUp)} primary(ies) down): it cannot take every key. Mend it, then try again.");
        }

        Task<RespTarget>[] connecting = [.. primaries.Select(primary => primary.Id == map.AskedId ? Task.FromResult(asked) : connect(primary.Endpoint))];
        try
        {
            RespTarget[] nodes = await Task.WhenAll(connecting);
            if (!nodes.Contains(asked))
            {
                await asked.DisposeAsync();
            }

            return new ClusterTarget(map, primaries, nodes);
        }
        catch
        {
            foreach (Task<RespTarget> opened in connecting.Where(task => task.IsCompletedSuccessfully))
            {
                await (await opened).DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>All primaries as one: sums of what they hold, the latest of their clocks, and a run id that changes when one of theirs does.</summary>
    public async Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken) =>
        ClusterProbe.Sum(_map, await Task.WhenAll(_nodes.Select(node => node.DescribeAsync(cancellationToken))));

    /// <summary>The latest of their clocks: what has expired by one of them may be gone.</summary>
    public async Task<long> TimeAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(_nodes.Select(node => node.TimeAsync(cancellationToken)))).Max();

    public ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken) => NodeOf(entry).RestoreAsync(entry, cancellationToken);

    public ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken) =>
        Begin(entryWithoutValue).BeginLargeAsync(entryWithoutValue, valueLengthBytes, cancellationToken);

    public ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        _large!.AppendLargeAsync(fragment, cancellationToken);

    public ValueTask EndLargeAsync(CancellationToken cancellationToken) => _large!.EndLargeAsync(cancellationToken);

    public ValueTask BeginStringAsync(
        RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        Begin(entryWithoutValue).BeginStringAsync(entryWithoutValue, lengthBytes, temporaryKeys, cancellationToken);

    public ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
        _large!.AppendStringAsync(piece, cancellationToken);

    public ValueTask EndStringAsync(CancellationToken cancellationToken) => _large!.EndStringAsync(cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        Begin(entryWithoutValue).BeginElementsAsync(entryWithoutValue, temporaryKeys, cancellationToken);

    public ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken) =>
        _large!.AppendElementsAsync(commands, cancellationToken);

    public ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken) => _large!.EndElementsAsync(mayVanish, cancellationToken);

    /// <summary>What all of them take: the oldest version's formats.</summary>
    public async ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken)
    {
        if (_formats is not { } oldest)
        {
            TargetFormats[] all = await Task.WhenAll(_nodes.Select(node => node.FormatsAsync(cancellationToken).AsTask()));
            oldest = all.MinBy(formats => formats.Version)! with { HasModules = all.All(formats => formats.HasModules) };
            _formats = oldest;
        }

        return oldest;
    }

    public async Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        (await Task.WhenAll(_nodes.Select(node => node.RemoveTemporaryAsync(database, temporaryKeys, cancellationToken)))).Sum();

    public async Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(_nodes.Select(node => node.LongestArgumentBytesAsync(cancellationToken)))).Min();

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (RespTarget node in _nodes)
        {
            await node.FlushAsync(cancellationToken);
        }
    }

    /// <summary>On every primary: clients call functions where the key is.</summary>
    public Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken) =>
        Task.WhenAll(_nodes.Select(node => node.LoadFunctionAsync(librarySource, cancellationToken)));

    /// <exception cref="RestoreMismatchException">The primaries do not all hold the same libraries.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>>[] lists = await Task.WhenAll(_nodes.Select(node => node.ListFunctionsAsync(cancellationToken)));
        HashSet<string> first = SourcesOf(lists[0]);
        for (int other = 1; other < lists.Length; other++)
        {
            if (!first.SetEquals(SourcesOf(lists[other])))
            {
                throw new RestoreMismatchException(
                    $"{_nodes[0].Endpoint} and {_nodes[other].Endpoint}, primaries of one cluster, do not hold the same function libraries. "
                    + "Somebody else changes them, or one was started again.");
            }
        }

        return lists[0];
    }

    public async Task<IReadOnlyList<ReadBack>> ReadBackAsync(
        int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken)
    {
        var places = new List<int>[_nodes.Length];
        for (int i = 0; i < requests.Count; i++)
        {
            (places[_nodeOfSlot[KeySlot.Of(requests[i].Key.Span)]] ??= []).Add(i);
        }

        var answers = new ReadBack[requests.Count];
        await Task.WhenAll(Enumerable.Range(0, _nodes.Length).Where(number => places[number] is not null).Select(async number =>
        {
            ReadBackRequest[] asked = [.. places[number].Select(i => requests[i])];
            IReadOnlyList<ReadBack> told = await _nodes[number].ReadBackAsync(database, asked, cancellationToken);
            for (int i = 0; i < asked.Length; i++)
            {
                answers[places[number][i]] = told[i];
            }
        }));
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RespTarget node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static HashSet<string> SourcesOf(IReadOnlyList<ReadOnlyMemory<byte>> libraries) =>
        [.. libraries.Select(source => Convert.ToBase64String(source.Span))];

    private RespTarget NodeOf(in RestoreEntry entry) => _nodes[_nodeOfSlot[KeySlot.Of(entry.Key.Span)]];

    /// <summary>The node that takes an entry piece by piece.</summary>
    private RespTarget Begin(in RestoreEntry entry) => _large = NodeOf(entry);
}
