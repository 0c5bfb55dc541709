using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Demo;

/// <summary>
/// Compares two servers that nothing writes to: every key of every database, by the canonical digest of its value and its absolute expiry, and
/// the function libraries. It knows of no backup: it asks the servers alone.
/// </summary>
internal sealed class CacheComparison(CacheAddress first, CacheAddress second, ICredentials credentials, TimeProvider time)
{
    private const int KeysAtOnce = 500;

    /// <param name="progress">Is told keys.</param>
    public async Task<CacheComparisonReport> RunAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        await using Side one = await Side.ConnectAsync(first, credentials, time, cancellationToken);
        await using Side other = await Side.ConnectAsync(second, credentials, time, cancellationToken);
        CacheComparisonReport report = await CompareFunctionsAsync(one, other, cancellationToken);
        IEnumerable<int> databases = (await one.DatabasesAsync(cancellationToken)).Union(await other.DatabasesAsync(cancellationToken));
        foreach (int database in databases.Order())
        {
            await foreach (IReadOnlyList<byte[]> keys in one.ScanAsync(database, KeysAtOnce, cancellationToken))
            {
                report = report.Plus(await CompareAsync(one, other, database, keys, cancellationToken));
                progress?.Report(new TransferProgress(0, null, report.Compared));
            }

            await foreach (IReadOnlyList<byte[]> keys in other.ScanAsync(database, KeysAtOnce, cancellationToken))
            {
                report = report.Plus(new CacheComparisonReport { Extra = await CountExtraAsync(one, other, database, keys, cancellationToken) });
            }
        }

        return report;
    }

    private static async Task<CacheComparisonReport> CompareAsync(
        Side one, Side other, int database, IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        ReadBackRequest[] requests = [.. keys.Select(key => new ReadBackRequest(key, null, default))];
        Task<IReadOnlyList<ReadBack>> asked = one.Values.ReadBackAsync(database, requests, cancellationToken);
        IReadOnlyList<ReadBack> found = await other.Values.ReadBackAsync(database, requests, cancellationToken);
        IReadOnlyList<ReadBack> expected = await asked;

        // After both answers: what had not expired by then must be there.
        long now = await other.Values.TimeAsync(cancellationToken);
        CacheComparisonReport report = new() { Compared = keys.Count };
        for (int i = 0; i < keys.Count; i++)
        {
            report = report.Plus(Judge(expected[i], found[i], now));
        }

        return report;
    }

    private static CacheComparisonReport Judge(ReadBack expected, ReadBack found, long now)
    {
        if (!expected.Exists || !found.Exists)
        {
            // The side that still has it says when it goes; gone on both sides, it went since it was listed.
            long? goes = expected.Exists ? expected.ExpireAtMilliseconds : found.Exists ? found.ExpireAtMilliseconds : now;
            return goes <= now ? new() { Expired = 1 } : expected.Exists ? new() { Missing = 1 } : new() { Extra = 1 };
        }

        bool isSameExpiry = expected.ExpireAtMilliseconds == found.ExpireAtMilliseconds;
        return expected.Digest != found.Digest ? new() { OtherValue = 1 } : isSameExpiry ? new() { Equal = 1 } : new() { OtherExpiry = 1 };
    }

    /// <summary>Keys of the second server that the first has not, and that do not expire just now.</summary>
    private static async Task<long> CountExtraAsync(
        Side one, Side other, int database, IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        IReadOnlyList<bool> exists = await one.ExistAsync(database, keys, cancellationToken);
        ReadBackRequest[] suspects = [.. keys.Where((_, i) => !exists[i]).Select(key => new ReadBackRequest(key, null, default))];
        if (suspects.Length == 0)
        {
            return 0;
        }

        IReadOnlyList<ReadBack> found = await other.Values.ReadBackAsync(database, suspects, cancellationToken);
        long now = await other.Values.TimeAsync(cancellationToken);
        return found.Count(key => key.Exists && !(key.ExpireAtMilliseconds <= now));
    }

    private static async Task<CacheComparisonReport> CompareFunctionsAsync(Side one, Side other, CancellationToken cancellationToken)
    {
        HashSet<string> expected = await SourcesAsync(one, cancellationToken);
        HashSet<string> found = await SourcesAsync(other, cancellationToken);
        int functions = expected.Count;
        expected.SymmetricExceptWith(found);
        return new CacheComparisonReport { Functions = functions, OtherFunctions = expected.Count };
    }

    private static async Task<HashSet<string>> SourcesAsync(Side side, CancellationToken cancellationToken) =>
        [.. (await side.Values.ListFunctionsAsync(cancellationToken)).Select(source => Convert.ToBase64String(source.Span))];

    /// <summary>One server, over two connections: one that lists keys, one that reads values.</summary>
    private sealed class Side(RespConnection list, RespTarget values) : IAsyncDisposable
    {
        public RespTarget Values => values;

        public static async Task<Side> ConnectAsync(
            CacheAddress address, ICredentials credentials, TimeProvider time, CancellationToken cancellationToken)
        {
            RespConnection list = await RespConnection.ConnectAsync(address, credentials, RespConnectionOptions.Default, time, cancellationToken);
            return new Side(list, await RespTarget.ConnectAsync(address, credentials, RespConnectionOptions.Default, time, cancellationToken));
        }

        public async Task<IEnumerable<int>> DatabasesAsync(CancellationToken cancellationToken) =>
            (await values.DescribeAsync(cancellationToken)).KeysByDatabase.Keys;

        /// <summary>All keys of a database, some at a time. A key may come more than once.</summary>
        public async IAsyncEnumerable<IReadOnlyList<byte[]>> ScanAsync(
            int database, int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            RespArgument cursor = "0";
            do
            {
                await SelectAsync(database, cancellationToken);
                RespReply reply = await list.SendAsync(new RespCommand("SCAN", cursor, "COUNT", count), cancellationToken);
                if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> parts) || parts.Length != 2
                    || !parts.Span[0].TryGetBytes(out ReadOnlyMemory<byte> next) || !parts.Span[1].TryGetItems(out ReadOnlyMemory<RespReply> keys))
                {
                    throw list.Refusal("SCAN", reply);
                }

                cursor = next;
                if (keys.Length > 0)
                {
                    yield return Names(keys.Span);
                }
            }
            while (!cursor.Bytes.SequenceEqual("0"u8));
        }

        public async Task<IReadOnlyList<bool>> ExistAsync(int database, IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
        {
            await SelectAsync(database, cancellationToken);
            foreach (byte[] key in keys)
            {
                list.Write(new RespCommand("EXISTS", key));
            }

            await list.FlushAsync(cancellationToken);
            bool[] exist = new bool[keys.Count];
            for (int i = 0; i < exist.Length; i++)
            {
                RespReply reply = await list.ReadReplyAsync(cancellationToken);
                exist[i] = reply.TryGetNumber(out long number) ? number > 0 : throw list.Refusal("EXISTS", reply);
            }

            return exist;
        }

        public async ValueTask DisposeAsync()
        {
            await values.DisposeAsync();
            await list.DisposeAsync();
        }

        private static byte[][] Names(ReadOnlySpan<RespReply> keys)
        {
            byte[][] names = new byte[keys.Length][];
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = keys[i].TryGetBytes(out ReadOnlyMemory<byte> name) ? name.ToArray() : [];
            }

            return names;
        }

        private async Task SelectAsync(int database, CancellationToken cancellationToken)
        {
            if (list.WriteSelect(database))
            {
                await list.FlushAsync(cancellationToken);
                RespReply reply = await list.ReadReplyAsync(cancellationToken);
                _ = reply.IsOk ? true : throw list.Refusal("SELECT", reply);
            }
        }
    }
}
