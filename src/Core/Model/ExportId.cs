using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Buckets;

namespace CacheBackup.Core.Model;

/// <summary>Names one place and name of an export, so that two exports never write under one name at a time.</summary>
public readonly record struct ExportId(string Value) : ICatalogText<ExportId>
{
    private const int DigestBytes = 16;

    public static ExportId FromCatalog(string text) => text.Length == DigestBytes * 2 && text.All(char.IsAsciiHexDigitLower)
        ? new ExportId(text)
        : throw new InvalidRequestException("That is not the id of an export.");

    public static ExportId Of(BucketAddress bucket, string name) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{bucket.Location}\n{name}")).AsSpan(0, DigestBytes)));

    public override string ToString() => Value;
}
