using System.Runtime.ExceptionServices;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>Lists the keys of a node, reads the items that the list names, or does both at once: whatever the slice is to take.</summary>
/// <param name="listing">For the list of keys.</param>
/// <param name="reading">For the items.</param>
internal sealed class ItemDump(
    MemcachedConnection listing, IReadOnlyList<MemcachedConnection> reading, ItemSink sink, MemcachedSlice slice, MemcachedOptions options)
{
    public async Task<ItemDumpResult> RunAsync(CancellationToken cancellationToken)
    {
        if (slice is { Lists: { } lists, From: { } from })
        {
            return await GoOnAsync(lists, RequireList(from), cancellationToken).ConfigureAwait(false);
        }

        return slice.Lists is { } place && slice.Before.Items > options.KeysAtHand
            ? await ListAsync(place, cancellationToken).ConfigureAwait(false)
            : await ListAndReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private static KeyListPosition RequireList(ScanPosition from) =>
        from.List ?? throw new CacheProtocolException("The checkpoint is not one of Memcached's. Take the backup again.");

    /// <summary>
    /// The list alone, which goes to the store as it comes. A store that stays behind for good is waited for in the end, by the crawler as well, which
    /// holds no lock of the node's items meanwhile: a longer list than the disk takes.
    /// </summary>
    private async Task<ItemDumpResult> ListAsync(KeyListStore lists, CancellationToken cancellationToken)
    {
        using var keys = new KeyList(options.KeyListDirectory, options.KeyListDiskBytes);
        KeyListPosition? left = null;
        await TogetherAsync(
            [
                token => ListAsync(keys, token),
                async token => left = await lists.WriteAsync(keys.TakeBytesAsync, token).ConfigureAwait(false),
            ],
            cancellationToken).ConfigureAwait(false);
        return new ItemDumpResult(keys.Count, Written: 0, Vanished: 0, Unreachable: 0, left);
    }

    /// <summary>The items as their keys are listed; the keys that the slice does not come to are left in the store.</summary>
    private async Task<ItemDumpResult> ListAndReadAsync(CancellationToken cancellationToken)
    {
        using var keys = new KeyList(options.KeyListDirectory);
        using var turns = new KeyTurns(keys, slice.Lists is null ? SliceLimit.None : slice.Limit, sink);
        ItemReading[] readings = ReadingsOf(turns);
        await TogetherAsync(
            [token => ListAsync(keys, token), .. readings.Select(one => (Func<CancellationToken, Task>)one.RunAsync)], cancellationToken)
            .ConfigureAwait(false);
        KeyListPosition? left = turns.IsLeft && slice.Lists is { } lists
            ? await lists.WriteAsync(keys.TakeBytesAsync, cancellationToken).ConfigureAwait(false)
            : null;
        return ResultOf(keys.Count, readings, left);
    }

    /// <summary>The items of a list that an earlier slice has left.</summary>
    private async Task<ItemDumpResult> GoOnAsync(KeyListStore lists, KeyListPosition from, CancellationToken cancellationToken)
    {
        await using var keys = new StoredKeys(lists, from, options.ListBlockBytes, cancellationToken);
        using var turns = new KeyTurns(keys, slice.Limit, sink);
        ItemReading[] readings = ReadingsOf(turns);
        await TogetherAsync([.. readings.Select(one => (Func<CancellationToken, Task>)one.RunAsync)], cancellationToken).ConfigureAwait(false);
        return ResultOf(listed: 0, readings, turns.IsLeft ? keys.Position : null);
    }

    private ItemReading[] ReadingsOf(KeyTurns turns) => [.. reading.Select(connection => new ItemReading(connection, turns, sink, slice.Before, options))];

    private static ItemDumpResult ResultOf(long listed, ItemReading[] readings, KeyListPosition? left) =>
        new(listed, readings.Sum(one => one.Written), readings.Sum(one => one.Vanished), readings.Sum(one => one.Unreachable), left);

    private async Task ListAsync(KeyList keys, CancellationToken cancellationToken)
    {
        await KeyLister.RunAsync(listing, keys, options.BusyPatience, cancellationToken).ConfigureAwait(false);
        keys.Seal();
    }

    /// <summary>The first failure ends every part.</summary>
    private static async Task TogetherAsync(Func<CancellationToken, Task>[] parts, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        async Task RunAsync(Func<CancellationToken, Task> part)
        {
            try
            {
                await part(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What comes after the first is its consequence.
                Interlocked.CompareExchange(ref first, e, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        await Task.WhenAll(parts.Select(part => Task.Run(() => RunAsync(part), CancellationToken.None))).ConfigureAwait(false);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
