using System.Buffers;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;

namespace CacheBackup.Core.Inspections;

/// <summary>
/// Compares two RDB files key by key: by kind of value, canonical digest and expiry, whatever the order of keys and the way in which values are stored.
/// Each file is read once.
/// </summary>
/// <remarks>
/// Memory: 56 bytes a key of each file up to <see cref="KeyedRecordsOptions.MemoryBytes"/>; beyond that they go to a temporary file, and 1/256 of
/// all is in memory at a time, three times over while it is sorted. Keys are compared by a 128-bit hash under a secret, values by their 128-bit digests:
/// that two keys meet by chance among 10¹⁰ is less likely than 10⁻¹⁸.
/// </remarks>
public sealed class RdbDiff(DiffOptions options)
{
    private const int ChunkBytes = 256 * 1024;

    /// <param name="first">Read from its beginning; stays the caller's.</param>
    /// <param name="second">The same.</param>
    /// <exception cref="RewriteRefusedException">A file is damaged, or one of its values cannot be decoded.</exception>
    public async Task<DiffReport> RunAsync(
        RewriteInput first, RewriteInput second, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        using var records = new KeyedRecords<DiffRecord>(options.Records);
        var reading = new DiffReading(options, records);
        long total = first.Content.Length + second.Content.Length;
        RdbSummary one = await ReadAsync(first, reading, 0, total, progress, cancellationToken);
        reading.BeginSecond();
        RdbSummary other = await ReadAsync(second, reading, first.Content.Length, total, progress, cancellationToken);
        return Compare(one, other, reading, records);
    }

    private static async Task<RdbSummary> ReadAsync(
        RewriteInput input, RdbHandler handler, long doneBytes, long totalBytes, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        input.Content.Position = 0;
        var reader = new RdbReader(handler, new RdbReaderOptions { EndOffsetBytes = input.Content.Length });
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (await input.Content.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is var read and > 0)
            {
                reader.Read(chunk.AsSpan(0, read));
                doneBytes += read;
                progress?.Report(new TransferProgress(doneBytes, totalBytes, reader.Keys));
            }

            return reader.Complete();
        }
        catch (RdbFormatException e)
        {
            throw new RewriteRefusedException($"{input.Name} cannot be read: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private DiffReport Compare(RdbSummary one, RdbSummary other, DiffReading reading, KeyedRecords<DiffRecord> records)
    {
        bool usedDisk = records.IsOnDisk;
        (byte[] Prefix, int Number)[] prefixes = [.. reading.Prefixes];
        var tally = new DiffTally(prefixes.Length, options.Examples);
        for (int part = 0; part < KeyedRecords<DiffRecord>.Parts; part++)
        {
            ReadOnlySpan<DiffRecord> sorted = records.TakeSorted(part);
            for (int i = 0; i < sorted.Length; i++)
            {
                // A good file has a key once, and the first file was read first.
                bool isPair = i + 1 < sorted.Length && sorted[i].Key == sorted[i + 1].Key && !sorted[i].IsSecond && sorted[i + 1].IsSecond;
                tally.Add(isPair ? sorted[i + 1] : sorted[i], isPair ? KindOf(sorted[i], sorted[i + 1]) : sorted[i].IsSecond ? DiffKind.Added : DiffKind.Removed);
                i += isPair ? 1 : 0;
            }
        }

        return new DiffReport
        {
            First = one,
            Second = other,
            Total = tally.Total,
            Databases = tally.Databases,
            Prefixes = [.. prefixes.Select(prefix => new NamedGroup<byte[], DiffCounts>(prefix.Prefix, tally.OfPrefix(prefix.Number)))],
            OtherPrefixes = tally.OfPrefix(0),
            DifferingFunctions = reading.DifferingFunctions,
            Examples = tally.Examples,
            UsedDisk = usedDisk,
        };
    }

    private static DiffKind? KindOf(in DiffRecord first, in DiffRecord second)
    {
        if (first.ValueFamily != second.ValueFamily)
        {
            return DiffKind.TypeChanged;
        }

        if (first.Value != second.Value)
        {
            return DiffKind.ValueChanged;
        }

        return first.ExpireAtMilliseconds != second.ExpireAtMilliseconds ? DiffKind.ExpiryChanged : null;
    }
}
