using System.Buffers.Binary;
using System.Globalization;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// What two values have in common exactly when clients cannot tell them apart: 128 bits over the kind of value and its elements, whatever the
/// encoding. Its text is 32 lower-case hexadecimal digits. Expiry of the key is not in it; expiry of a hash's fields is.
/// </summary>
/// <remarks>
/// Made of XXH128, which finds damage and mistakes, not an adversary who may choose both values. Persisted in reports: the way it is computed may
/// only change together with its readers.
/// </remarks>
public readonly record struct ValueDigest(ulong High, ulong Low)
{
    public const int SizeBytes = 16;

    internal ValueDigest(UInt128 value)
        : this((ulong)(value >> 64), (ulong)value)
    {
    }

    /// <summary>Reads exactly what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out ValueDigest digest)
    {
        digest = default;
        if (text is not { Length: SizeBytes * 2 }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }

        digest = new ValueDigest(high, low);
        return true;
    }

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
