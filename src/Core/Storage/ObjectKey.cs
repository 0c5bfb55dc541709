using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Storage;

/// <summary>
/// The name of an object: 1–1,024 bytes of ASCII letters, digits and <c>! - _ . * ' ( ) = , + @ : /</c>, segments separated by single
/// slashes, each of 1–250 characters and none of them <c>.</c> or <c>..</c>. What a key may hold is narrower than what S3 allows, so
/// that one key means one object in a directory as well (250: a file name has 255 bytes, and a directory's needs one more).
/// </summary>
public readonly record struct ObjectKey : IComparable<ObjectKey>, ICatalogText<ObjectKey>
{
    private const int MaxLength = 1024;
    private const int MaxSegmentLength = 250;
    private readonly string? _value;

    /// <exception cref="ArgumentException">The text is not a key.</exception>
    public ObjectKey(string value)
        : this(value, IsKey)
    {
    }

    private ObjectKey(string value, Func<string, bool> rule) =>
        _value = rule(value) ? value : throw new ArgumentException($"'{value}' is not an object key", nameof(value));

    /// <summary>
    /// A key in a bucket of others, where any 1–1,024 bytes of UTF-8 are one. For stores that give keys on as they are, which a directory
    /// does not: it is never asked for one.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty or longer.</exception>
    public static ObjectKey OfOthers(string value) => new(value, text => Encoding.UTF8.GetByteCount(text) is > 0 and <= MaxLength);

    public string Value => _value ?? throw new InvalidOperationException("An object key was never set.");

    /// <summary>False where the text is not a key, as of a foreign file in a store's directory.</summary>
    public static bool TryParse(string value, out ObjectKey key)
    {
        bool isKey = IsKey(value);
        key = isKey ? new ObjectKey(value) : default;
        return isKey;
    }

    public static ObjectKey FromCatalog(string text) =>
        IsKey(text) ? new ObjectKey(text) : throw new InvalidRequestException("That is not an object key.");

    /// <summary>Ordinal order, which is the order of S3's LIST for these characters.</summary>
    public int CompareTo(ObjectKey other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    private static bool IsKey(string value)
    {
        if (value.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (string segment in value.Split('/'))
        {
            if (segment is "" or "." or ".." || segment.Length > MaxSegmentLength || !segment.All(IsKeyCharacter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!-_.*'()=,+@:".Contains(c, StringComparison.Ordinal);
}
