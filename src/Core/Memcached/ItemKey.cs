using System.Buffers;
using System.Buffers.Text;

namespace CacheBackup.Core.Memcached;

/// <summary>
/// How a key is named in Memcached's text protocol (protocol.txt, "Meta Commands"): as it is where it has no space, control character or
/// 0x7f, else as base64 with the flag <c>b</c>. Whichever it is, the server takes at most <see cref="MaxBytes"/> of it, so a few keys have
/// no name at all.
/// </summary>
public static class ItemKey
{
    /// <summary>The longest key that a server holds, and the longest name that a command may give it.</summary>
    public const int MaxBytes = 250;

    private static readonly SearchValues<byte> Unnameable = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(value => (byte)value), (byte)0x7f]);

    /// <summary>Whether the key can stand in a command as it is.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> key) => key.Length is > 0 and <= MaxBytes && !key.ContainsAny(Unnameable);

    /// <summary>Writes the key's name.</summary>
    /// <param name="name">At least <see cref="MaxBytes"/>.</param>
    /// <param name="written">The name's length.</param>
    /// <param name="isEncoded">It is base64: the command needs the flag <c>b</c>.</param>
    /// <returns>False: the text protocol cannot name it.</returns>
    public static bool TryName(ReadOnlySpan<byte> key, Span<byte> name, out int written, out bool isEncoded)
    {
        isEncoded = !IsPlain(key);
        if (!isEncoded)
        {
            key.CopyTo(name);
            written = key.Length;
            return true;
        }

        written = 0;
        return !key.IsEmpty
            && Base64.GetMaxEncodedToUtf8Length(key.Length) <= MaxBytes
            && Base64.EncodeToUtf8(key, name[..MaxBytes], out _, out written) == OperationStatus.Done;
    }

    /// <summary>Reads a base64 name, strictly: no white space, and only the one text that the key has.</summary>
    /// <param name="key">At least <see cref="MaxBytes"/>.</param>
    /// <returns>False: it is not the name of a key that needs one.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> name, Span<byte> key, out int written)
    {
        written = 0;
        if (name.IsEmpty || name.Length > MaxBytes || name.Length % 4 != 0 || name.ContainsAny(Unnameable))
        {
            return false;
        }

        if (Base64.DecodeFromUtf8(name, key[..MaxBytes], out int consumed, out written) != OperationStatus.Done || consumed != name.Length)
        {
            return false;
        }

        // Bits after the last byte must be zero, and a plain key has no second name: one key, one text.
        Span<byte> again = stackalloc byte[MaxBytes];
        return TryName(key[..written], again, out int length, out bool isEncoded) && isEncoded && again[..length].SequenceEqual(name);
    }
}
