using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The files of an exported snapshot: how they are found in the exchange bucket, and the list that says which shard each becomes.</summary>
internal static class NativeFiles
{
    /// <summary>What one export may find in the bucket: its content expires after days.</summary>
    public const int MaxObjects = 20_000;

    private const string DataFile = ".rdb";
    private const int MaxShards = 500;

    public static async Task<NativeFileList?> FindAsync(IObjectStore store, BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(CatalogKeys.NativeFiles(id), null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.NativeFileList, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <returns>The list that counts: this one, or that of another attempt which was first.</returns>
    public static async Task<NativeFileList> WriteAsync(IObjectStore store, BackupId id, NativeFileList list, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(
                CatalogKeys.NativeFiles(id), JsonSerializer.SerializeToUtf8Bytes(list, CatalogJson.Default.NativeFileList), WriteCondition.Absent, cancellationToken);
            return list;
        }
        catch (PreconditionFailedException)
        {
            return await FindAsync(store, id, cancellationToken)
                ?? throw new CatalogConflictException($"The list of the native files of {id} went while it was written.");
        }
    }

    /// <summary>The files that lie there now, numbered in the order of their names.</summary>
    public static async Task<IReadOnlyList<SnapshotFile>> ListAsync(
        ServiceParts parts, NativeSnapshotId snapshot, NativeExport? export, CancellationToken cancellationToken)
    {
        (IObjectStore exchange, _) = NativeRecords.RequireExchange(parts);
        HashSet<string> before = [.. export?.Before ?? []];
        List<ObjectSummary> found = [];
        await foreach (ObjectSummary summary in exchange.ListAsync(snapshot.Serverless ? string.Empty : snapshot.ExportName, null, cancellationToken))
        {
            if (IsOf(snapshot, summary.Key.Value, before))
            {
                found.Add(summary);
            }
        }

        if (found.Count > MaxShards)
        {
            throw new NativeExportFailedException($"The export of {snapshot} shows {found.Count} files; a cache has at most {MaxShards} shards.");
        }

        return [.. found.OrderBy(f => f.Key).Select((f, place) => new SnapshotFile(place + 1, f.Key.Value, f.LengthBytes))];
    }

    /// <summary>Every key of the exchange bucket.</summary>
    /// <exception cref="NativeExportFailedException">There are more than <see cref="MaxObjects"/>.</exception>
    public static async Task<IReadOnlyList<string>> AllKeysAsync(IObjectStore exchange, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectSummary summary in exchange.ListAsync(string.Empty, null, cancellationToken))
        {
            if (IsNobodysOfOurs(summary.Key.Value))
            {
                keys.Add(summary.Key.Value);
            }

            if (keys.Count > MaxObjects)
            {
                throw new NativeExportFailedException(
                    $"The exchange bucket holds more than {MaxObjects:N0} objects that are none of this service's. Empty it: what it holds is only on its way.");
            }
        }

        return keys;
    }

    // NAME.rdb or NAME-0001.rdb: another snapshot's name may begin like this one's.
    private static bool IsOf(NativeSnapshotId snapshot, string key, HashSet<string> before) => key.EndsWith(DataFile, StringComparison.Ordinal)
        && (snapshot.Serverless
            ? IsNobodysOfOurs(key) && !before.Contains(key)
            : key[snapshot.ExportName.Length..^DataFile.Length] is var rest && (rest.Length == 0 || (rest[0] == '-' && rest[1..].All(char.IsAsciiDigit))));

    private static bool IsNobodysOfOurs(string key) =>
        !key.StartsWith(ExchangeKeys.NativeExports, StringComparison.Ordinal) && !key.StartsWith(ExchangeKeys.Staged, StringComparison.Ordinal);
}
