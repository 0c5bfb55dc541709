using CacheBackup.Caches;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;

namespace CacheBackup.Local.Demo;

/// <summary>
/// Fills a server with every kind of data: all types in all their encodings, several databases, expiries near and far, functions, and one
/// incompressible value. The same options make the same data, but for what expires meanwhile.
/// </summary>
internal sealed class DemoData(DemoDataOptions options)
{
    /// <summary>Databases and how much of the data each holds, in percent.</summary>
    private static readonly (int Number, int Percent)[] Databases = [(0, 70), (1, 15), (5, 10), (15, 5)];

    private readonly Random _random = new(options.Seed);
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);

    /// <param name="connection">To an empty server; nothing else is awaited on it.</param>
    /// <param name="progress">Is told keys and bytes of the largest value; bytes are not known ahead.</param>
    public async Task<DemoDataSummary> FillAsync(RespConnection connection, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        CommandPipe pipe = new(connection);
        if (options.WithFunctions)
        {
            foreach (string source in DemoFunctions.Sources)
            {
                pipe.Write(new RespCommand("FUNCTION LOAD", source));
            }
        }

        await WriteSpecialsAsync(pipe, cancellationToken);
        int left = options.Keys - _made.Values.Sum();
        int made = 0;
        foreach ((int database, int percent) in Databases)
        {
            int until = database == Databases[^1].Number ? left : made + (left * percent / 100);
            pipe.Select(database);
            for (; made < until; made++)
            {
                WriteOne(pipe, made);
                await pipe.BreatheAsync(cancellationToken);
                if (made % 1_000 == 0)
                {
                    progress?.Report(new TransferProgress(0, null, made));
                }
            }
        }

        int shortLived = WriteShortLived(pipe);
        await pipe.SettleAsync(cancellationToken);
        return new DemoDataSummary(_made, shortLived, options.WithFunctions ? DemoFunctions.Sources.Count : 0);
    }

    private void WriteOne(CommandPipe pipe, int number)
    {
        DemoKind kind = KindOf(_random.Next(1_000));
        DemoKey key = DemoKey.Of(kind.Name, number, _random, options.Now);
        kind.Write(pipe, key.Name, _random);
        if (key.ExpireAtMilliseconds is { } at)
        {
            pipe.Write(new RespCommand("PEXPIREAT", key.Name, at));
        }

        Count(kind.Name);
    }

    private static DemoKind KindOf(int place)
    {
        foreach (DemoKind kind in DemoKinds.All)
        {
            if (place < kind.Share)
            {
                return kind;
            }

            place -= kind.Share;
        }

        return DemoKinds.All[0];
    }

    /// <summary>What there is one of.</summary>
    private async Task WriteSpecialsAsync(CommandPipe pipe, CancellationToken cancellationToken)
    {
        pipe.Select(0);
        DemoKinds.Hash(pipe, "special:hash-of-10000"u8.ToArray(), _random, 10_000, 24);
        DemoKinds.Scores(pipe, "special:sorted-set-of-10000"u8.ToArray(), _random, 10_000);
        DemoStreams.WriteLarge(pipe, "special:stream-of-3000"u8.ToArray(), _random, 3_000);
        pipe.Write(new RespCommand("SET", "special:empty", string.Empty));
        pipe.Write(new RespCommand("SET", string.Empty, "the key without a name"));
        foreach (string special in (string[])["large hash", "large sorted set", "large stream", "empty string", "empty key"])
        {
            Count(special);
        }

        await pipe.SetLargeAsync("special:incompressible", options.LargestValueBytes, memory => _random.NextBytes(memory.Span), cancellationToken);
        Count("incompressible value");
    }

    /// <summary>Keys whose time comes before the backup or while it runs: gone, or in the file and expired.</summary>
    private int WriteShortLived(CommandPipe pipe)
    {
        int count = Math.Clamp(options.Keys / 100, 50, 2_000);
        pipe.Select(0);
        for (int i = 0; i < count; i++)
        {
            pipe.Write(new RespCommand("SET", $"short-lived:{i:00000}", "soon gone", "PX", 1 + (i % 2_000)));
        }

        return count;
    }

    private void Count(string kind) => _made[kind] = _made.GetValueOrDefault(kind) + 1;
}
