using CacheBackup.Core.Rdb;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// A stored value: a byte for its type, a byte for the magic, and the value. However it is cut, the decoder tells the same and fails with
/// the same; what it takes, written in the plainest encoding of its kind, has the same digest.
/// </summary>
internal static class ValueTarget
{
    private const int HeadBytes = 2;

    public static void Run(byte[] input)
    {
        if (input.Length >= HeadBytes)
        {
            Judge((RdbType)input[0], (RdbMagic)(input[1] & 1), input[HeadBytes..]);
        }
    }

    public static void Judge(RdbType type, RdbMagic magic, byte[] value)
    {
        var whole = new ElementFingerprint();
        var error = Promise.ErrorOf(value.Length, () => Decode(type, magic, value, [], whole));
        foreach (int[] cuts in Cuts.Of(value))
        {
            var cut = new ElementFingerprint();
            var cutError = Promise.ErrorOf(value.Length, () => Decode(type, magic, value, cuts, cut));
            Promise.KeepError(error, cutError);
            Promise.Keep(error is not null || cut.Value == whole.Value, "Cut, its elements are others");
        }

        if (error is null)
        {
            Rewrite(type, magic, value);
        }
    }

    private static void Decode(RdbType type, RdbMagic magic, byte[] value, int[] cuts, ElementHandler elements)
    {
        var decoder = new ValueDecoder(elements);
        decoder.Begin(magic, type);
        Cuts.Feed(value, cuts, decoder.Write);
        decoder.Complete();
    }

    private static void Rewrite(RdbType type, RdbMagic magic, byte[] value)
    {
        var plain = new PlainValue();
        Decode(type, magic, value, [], plain);
        if (plain.Complete() is { } written)
        {
            var digest = ValueDigester.Compute(magic, type, value);
            var plainDigest = ValueDigester.Compute(RdbMagic.Valkey, written.Type, written.Value);
            Promise.Keep(digest == plainDigest, "In the plainest encoding it has another digest");
        }
    }
}
