using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Names the keys under which values too large for one command are put together before they get their own name. All names of one data
/// file's restore share a <see cref="Prefix"/> that no key of a user has: it comes from the data file's key, which holds an id that is
/// never used again.
/// </summary>
public readonly record struct TemporaryKeys
{
    private const string Start = "cache-backup:unfinished:";

    private TemporaryKeys(string prefix) => Prefix = prefix;

    /// <summary>What every name begins with; it holds no character that a glob pattern reads as its own.</summary>
    public string Prefix { get; }

    public static TemporaryKeys Of(ObjectKey dataKey)
    {
        byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes(dataKey.Value));
        return new TemporaryKeys($"{Start}{Convert.ToHexStringLower(digest.AsSpan(0, 16))}:");
    }

    /// <summary>
    /// A name in the same cluster slot as <paramref name="finalKey"/>, so that it can be renamed to it. One attempt's names
    /// (<paramref name="attempt"/>: the connection's id) are never another's: two attempts at once cannot write into one value.
    /// </summary>
    public byte[] Name(ReadOnlySpan<byte> finalKey, long attempt, long offsetBytes)
    {
        int slot = KeySlot.Of(finalKey);
        for (int tag = 0; ; tag++)
        {
            // Some number below ten times the count of slots falls into each of them: the loop is short, and the value behind it is not.
            byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{attempt}:{offsetBytes}:{{{tag}}}"));
            if (KeySlot.Of(name) == slot)
            {
                return name;
            }
        }
    }
}
