using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>A bucket and the prefix in it under which a store keeps everything: <c>s3://bucket</c> or <c>s3://bucket/some/prefix</c>.</summary>
public sealed record S3Location
{
    private const string Scheme = "s3://";

    private S3Location(string bucket, string keyPrefix) => (Bucket, KeyPrefix) = (bucket, keyPrefix);

    public string Bucket { get; }

    /// <summary>Empty, or ends with a slash.</summary>
    public string KeyPrefix { get; }

    /// <exception cref="FormatException">The text is not a location in S3; the message says why.</exception>
    public static S3Location Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new FormatException($"'{text}' is not a location in S3: it must look like s3://bucket or s3://bucket/prefix.");
        }

        string[] parts = text[Scheme.Length..].Split('/', 2);
        string prefix = parts.Length == 2 ? parts[1].TrimEnd('/') : "";
        if (!IsBucketName(parts[0]))
        {
            throw new FormatException(
                $"'{parts[0]}' in '{text}' is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or "
                + "a digit at both ends.");
        }

        if (prefix.Length > 0 && !ObjectKey.TryParse(prefix, out _))
        {
            throw new FormatException($"'{prefix}' in '{text}' cannot be a prefix of keys.");
        }

        return new S3Location(parts[0], prefix.Length > 0 ? prefix + "/" : "");
    }

    public override string ToString() => Scheme + Bucket + (KeyPrefix.Length > 0 ? "/" + KeyPrefix.TrimEnd('/') : "");

    private static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal);
}
