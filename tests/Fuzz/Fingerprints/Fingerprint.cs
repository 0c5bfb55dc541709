using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CacheBackup.Fuzz.Fingerprints;

/// <summary>A running hash of calls and their arguments: two sequences of calls are the same when their fingerprints are.</summary>
internal sealed class Fingerprint
{
    private readonly XxHash128 _hash = new();

    public UInt128 Value => _hash.GetCurrentHashAsUInt128();

    public void Reset() => _hash.Reset();

    /// <summary>A call, by a number of its own, and what it was given.</summary>
    public void Call(long call, long first = 0, long second = 0, long third = 0)
    {
        ReadOnlySpan<long> numbers = [call, first, second, third];
        _hash.Append(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>Bytes of which it does not matter in how many parts they come; what tells how many they were must follow.</summary>
    public void Bytes(ReadOnlySpan<byte> part) => _hash.Append(part);

    public void Text(long call, ReadOnlySpan<byte> text)
    {
        _hash.Append(text);
        Call(call, text.Length);
    }
}
