using System.Security.Cryptography;

namespace CacheBackup.Core.Operations;

/// <summary>Ids from the operating system's random numbers.</summary>
public sealed class RandomIds : IIdSource
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Length = 26;

    public string Next() => RandomNumberGenerator.GetString(Alphabet, Length);
}
