using System.Globalization;

namespace CacheBackup.Core.Model;

/// <summary>A server's version as it tells it, such as <c>7.0.15</c>: three numbers, compared in order.</summary>
public readonly record struct CacheVersion(int Major, int Minor, int Patch) : IComparable<CacheVersion>, ICatalogText<CacheVersion>
{
    public string Value => ToString();

    public static CacheVersion FromCatalog(string text) => TryParse(text, out CacheVersion version)
        ? version
        : throw new InvalidRequestException("A version reads major.minor.patch.");

    /// <summary>Reads <c>major.minor.patch</c>; what follows a hyphen or a fourth dot is left out.</summary>
    public static bool TryParse(string? text, out CacheVersion version)
    {
        string[] parts = (text ?? string.Empty).Split('-')[0].Split('.');
        version = default;
        if (parts.Length < 2 || !TryNumber(parts[0], out int major) || !TryNumber(parts[1], out int minor))
        {
            return false;
        }

        int patch = 0;
        if (parts.Length > 2 && !TryNumber(parts[2], out patch))
        {
            return false;
        }

        version = new CacheVersion(major, minor, patch);
        return true;
    }

    public int CompareTo(CacheVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public bool IsAtLeast(int major, int minor) => CompareTo(new CacheVersion(major, minor, 0)) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 100_000;
}
