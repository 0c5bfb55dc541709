namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Ways to cut bytes into chunks: whole, one byte each, at every place in two, and at random.</summary>
public static class Fragmented
{
    /// <summary>Whole, byte by byte, and every cut in two: n + 1 ways for n bytes.</summary>
    public static IEnumerable<int[]> EveryWay(int length)
    {
        yield return [];
        yield return [.. Enumerable.Range(1, Math.Max(0, length - 1))];
        for (int cut = 1; cut < length; cut++)
        {
            yield return [cut];
        }
    }

    /// <summary>Cuts at random places, few and many, the same for the same seed.</summary>
    public static int[] AtRandom(int length, Random random)
    {
        int most = random.Next(2) == 0 ? 8 : Math.Clamp(length / 3, 8, 20_000);
        int[] cuts = new int[random.Next(1, most)];
        for (int i = 0; i < cuts.Length; i++)
        {
            cuts[i] = random.Next(0, length + 1);
        }

        Array.Sort(cuts);
        return cuts;
    }

    /// <summary>Hands over the chunks between the cuts, empty ones included.</summary>
    public static void Feed(byte[] bytes, int[] cuts, Action<ReadOnlyMemory<byte>> take)
    {
        int from = 0;
        foreach (int cut in cuts)
        {
            take(bytes.AsMemory(from, cut - from));
            from = cut;
        }

        take(bytes.AsMemory(from));
    }
}
