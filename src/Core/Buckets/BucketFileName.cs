using System.Globalization;
using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// A file's name in somebody else's bucket or directory, folders included. Wider than a key of ours: 1–1,000 characters, at most 1,000
/// bytes of UTF-8 before an export's suffix is added.
/// </summary>
public readonly record struct BucketFileName
{
    private const int MaxNameLength = 1000;
    private const int MaxKeyBytes = 1024;

    private readonly string? _value;

    private BucketFileName(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A file name was never set.");

    public bool HasComma => Value.Contains(',', StringComparison.Ordinal);

    /// <summary>Reads the name of a file that is there.</summary>
    /// <exception cref="InvalidRequestException">It is empty, too long, or climbs out of its folder.</exception>
    public static BucketFileName Parse(string text)
    {
        RequireText(text, MaxKeyBytes, MaxKeyBytes);
        return new BucketFileName(text);
    }

    /// <summary>Checks the name of an export.</summary>
    /// <exception cref="InvalidRequestException">It breaks a rule; the message names the rule.</exception>
    public static void RequireExportName(string text) => RequireText(text, MaxNameLength, MaxNameLength);

    /// <summary><c>NAME-0001.rdb</c>: the file of one shard of an export.</summary>
    public static BucketFileName OfExport(string name, int shard)
    {
        RequireExportName(name);
        return new BucketFileName(string.Create(CultureInfo.InvariantCulture, $"{name}-{shard:D4}.rdb"));
    }

    public override string ToString() => Value;

    private static void RequireText(string text, int maxLength, int maxBytes)
    {
        // Lone surrogates have no UTF-8: the encoder is told to say so.
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        int bytes;
        try
        {
            bytes = strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidRequestException("A file name can be written as UTF-8; this one holds half a character.", e);
        }

        if (text.Length == 0 || text.Length > maxLength || bytes > maxBytes)
        {
            throw new InvalidRequestException(
                $"A file name has 1 to {maxLength} characters and at most {maxBytes} bytes of UTF-8; this one has {text.Length} and {bytes}.");
        }

        if (text.Any(char.IsControl) || text.Split('/').Any(segment => segment is "" or "." or ".."))
        {
            throw new InvalidRequestException("A file name has no control characters, no empty folder, and no \".\" or \"..\" among its folders.");
        }
    }
}
