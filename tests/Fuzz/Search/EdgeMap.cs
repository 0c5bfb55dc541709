using CacheBackup.Fuzz.Guidance;

namespace CacheBackup.Fuzz.Search;

/// <summary>
/// The edges that have been taken, and about how often in one run: once, twice, three times, then by doubling. An input that adds to it
/// does something that none did before.
/// </summary>
internal sealed class EdgeMap
{
    private static readonly byte[] Buckets = MakeBuckets();

    private readonly byte[] _seen = new byte[Branches.Edges];

    /// <summary>Edges taken by any run.</summary>
    public int Edges { get; private set; }

    /// <summary>Takes in what a run has counted; true if any of it is new.</summary>
    public bool TryAdd(ReadOnlySpan<byte> counts)
    {
        bool isNew = false;
        for (int i = counts.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            byte bucket = Buckets[counts[i]];
            if ((_seen[i] & bucket) == 0)
            {
                Edges += _seen[i] == 0 ? 1 : 0;
                _seen[i] |= bucket;
                isNew = true;
            }

            int next = counts[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }

    private static byte[] MakeBuckets()
    {
        byte[] buckets = new byte[256];
        for (int count = 1; count < 256; count++)
        {
            buckets[count] = count switch
            {
                <= 3 => (byte)(1 << (count - 1)),
                < 8 => 8,
                < 16 => 16,
                < 32 => 32,
                < 128 => 64,
                _ => 128,
            };
        }

        return buckets;
    }
}
