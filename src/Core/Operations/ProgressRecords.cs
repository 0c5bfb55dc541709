using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Reads and writes how far jobs have come. For people only: a lost or torn record is left out, and no decision reads one.</summary>
public static class ProgressRecords
{
    /// <summary>The sum over all lanes that have begun; null where none has.</summary>
    public static async Task<ProgressRecord?> SumAsync(IObjectStore store, string prefix, CancellationToken cancellationToken)
    {
        ProgressRecord? sum = null;
        await foreach (ObjectSummary summary in store.ListAsync(prefix, null, cancellationToken))
        {
            ProgressRecord? lane = await ReadAsync(store, summary.Key, cancellationToken);
            if (lane is not null)
            {
                sum = sum is null ? lane : Add(sum, lane);
            }
        }

        return sum;
    }

    private static ProgressRecord Add(ProgressRecord one, ProgressRecord other) => new(
        one.Bytes + other.Bytes,
        one.Keys + other.Keys,
        one.At > other.At ? one.At : other.At,
        one.TotalBytes is { } total && other.TotalBytes is { } more ? total + more : null);

    private static async Task<ProgressRecord?> ReadAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            return await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.ProgressRecord, cancellationToken);
        }
        catch (Exception e) when (e is ObjectNotFoundException or JsonException)
        {
            return null;
        }
    }
}
