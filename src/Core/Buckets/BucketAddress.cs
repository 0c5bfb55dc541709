using System.Text.Json.Serialization;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// A bucket with a prefix (<c>s3://bucket/prefix</c>), or a directory, apart from the service's own store. As one text, as it stands in a
/// configuration: <c>s3://bucket/prefix?region=eu-west-1&amp;kms-key=alias/backups</c>.
/// </summary>
public sealed record BucketAddress
{
    public const string Scheme = "s3://";

    private const string RegionOption = "region";
    private const string KmsKeyOption = "kms-key";

    /// <summary><c>s3://bucket</c>, <c>s3://bucket/prefix</c> or an absolute directory, without a slash at its end.</summary>
    public required string Location { get; init; }

    /// <summary>The bucket's Region; null: that of the service.</summary>
    public string? Region { get; init; }

    /// <summary>The KMS key that copies are encrypted with there; null: as the bucket says.</summary>
    public string? KmsKey { get; init; }

    [JsonIgnore]
    public bool IsDirectory => !Location.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The bucket's name; the directory itself where it is one.</summary>
    [JsonIgnore]
    public string Bucket => IsDirectory ? Location : Location[Scheme.Length..].Split('/')[0];

    /// <summary>Reads the text of a configuration.</summary>
    /// <exception cref="InvalidRequestException">It is no such text; the message says why.</exception>
    public static BucketAddress Parse(string text)
    {
        string[] parts = text.Split('?', 2);
        var address = new BucketAddress { Location = Normalize(parts[0]) };
        foreach (string option in parts.Length == 2 ? parts[1].Split('&') : [])
        {
            address = option.Split('=', 2) switch
            {
                [RegionOption, { Length: > 0 } region] when !address.IsDirectory => address with { Region = region },
                [KmsKeyOption, { Length: > 0 } key] when !address.IsDirectory => address with { KmsKey = key },
                _ => throw new InvalidRequestException(
                    $"'{option}' in '{text}' is no option of a bucket: there are {RegionOption}=NAME and {KmsKeyOption}=KEY, for s3:// alone."),
            };
        }

        return address;
    }

    /// <summary>
    /// One text for one place: <c>bucket/folder</c>, as a console shows it, is read as <c>s3://bucket/folder</c>; a directory is made
    /// absolute and its <c>..</c> are gone.
    /// </summary>
    /// <exception cref="InvalidRequestException">The text names no place.</exception>
    public static string Normalize(string location)
    {
        bool isBucket = location.StartsWith(Scheme, StringComparison.Ordinal);
        if (!isBucket && (Path.IsPathRooted(location) || location.StartsWith('.')))
        {
            return Path.TrimEndingDirectorySeparator(Path.GetFullPath(location));
        }

        string path = (isBucket ? location[Scheme.Length..] : location).TrimEnd('/');
        return path.Length > 0 && !path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
            ? Scheme + path
            : throw new InvalidRequestException($"'{location}' is neither a bucket (s3://bucket/prefix) nor a directory.");
    }

    /// <summary>True if <paramref name="location"/> is this place or one below it.</summary>
    public bool Holds(string location) =>
        location == Location || location.StartsWith(Location.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        string[] options =
        [
            .. Region is null ? Array.Empty<string>() : [$"{RegionOption}={Region}"],
            .. KmsKey is null ? Array.Empty<string>() : [$"{KmsKeyOption}={KmsKey}"],
        ];
        return options.Length == 0 ? Location : $"{Location}?{string.Join('&', options)}";
    }
}
