using System.IO.Hashing;

namespace CacheBackup.Fuzz.Targets;

/// <summary>Ways to cut an input into chunks, the same for the same input.</summary>
internal static class Cuts
{
    private const int ByteByByteUpTo = 600;

    /// <summary>Byte by byte where it is short, and in a few pieces.</summary>
    public static IEnumerable<int[]> Of(byte[] input)
    {
        if (input.Length is > 1 and <= ByteByByteUpTo)
        {
            yield return [.. Enumerable.Range(1, input.Length - 1)];
        }

        var random = new Random((int)XxHash32.HashToUInt32(input));
        int[] few = new int[random.Next(1, 6)];
        for (int i = 0; i < few.Length; i++)
        {
            few[i] = random.Next(input.Length + 1);
        }

        Array.Sort(few);
        yield return few;
    }

    public delegate void Take(ReadOnlySpan<byte> chunk);

    public static void Feed(ReadOnlySpan<byte> bytes, int[] cuts, Take take)
    {
        int from = 0;
        foreach (int cut in cuts)
        {
            take(bytes[from..cut]);
            from = cut;
        }

        take(bytes[from..]);
    }
}
