using System.Text;

namespace CacheBackup.Local.Demo;

/// <summary>Bytes of several sorts.</summary>
internal static class DemoText
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly string[] Words = ["order", "shipped", "customer", "amount", "currency", "EUR", "pending", "address", "warehouse", "note"];

    public static byte[] Word(Random random, int length)
    {
        byte[] word = new byte[length];
        for (int i = 0; i < length; i++)
        {
            word[i] = (byte)Letters[random.Next(Letters.Length)];
        }

        return word;
    }

    /// <summary>Any bytes, zero and line ends among them.</summary>
    public static byte[] Binary(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A document as caches hold them: full of repetitions, so that servers store it compressed.</summary>
    public static byte[] Document(Random random, int length)
    {
        StringBuilder text = new("{");
        while (text.Length < length)
        {
            text.Append('"').Append(Words[random.Next(Words.Length)]).Append("\":\"").Append(Words[random.Next(Words.Length)]).Append("\",");
        }

        return Encoding.ASCII.GetBytes(text.Append('}').ToString());
    }

    public static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
