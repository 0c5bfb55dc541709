using System.Buffers.Binary;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>
/// What an upload must be completed with for one part: S3's ETag and the CRC-32 that the part was sent with. Both travel in the part's
/// tag, so that another process can complete the upload.
/// </summary>
internal readonly record struct S3PartTag(string ETag, string Crc32)
{
    private const char Separator = '|';

    /// <summary>Null where the tag was not made by this store.</summary>
    public static S3PartTag? Parse(ObjectTag tag) =>
        tag.Value.Split(Separator) is [{ Length: > 0 } etag, { Length: > 0 } crc] ? new S3PartTag(etag, crc) : null;

    /// <summary>S3's form of a CRC-32: base64 of its four bytes, the highest first.</summary>
    public static string Crc32Of(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, System.IO.Hashing.Crc32.HashToUInt32(content));
        return Convert.ToBase64String(bytes);
    }

    public ObjectTag ToTag() => new($"{ETag}{Separator}{Crc32}");
}
