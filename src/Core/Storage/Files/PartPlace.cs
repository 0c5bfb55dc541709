using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// Where a part lies in its upload's file. The place is the part's tag, with a keyed digest by which a tag that this upload never gave
/// is refused: no list of parts has to be kept beside the data, and none can disagree with it.
/// </summary>
internal readonly record struct PartPlace(long OffsetBytes, long LengthBytes)
{
    public long EndBytes => OffsetBytes + LengthBytes;

    /// <summary>The place of a listed part, or null where its tag is not one of the upload's for that number and length.</summary>
    public static PartPlace? Parse(UploadDescription upload, UploadedPart part)
    {
        string[] fields = part.Tag.Value.Split('-');
        bool isPlace = fields.Length == 2
            & long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long offset);
        var place = new PartPlace(offset, part.LengthBytes);
        return isPlace && place.ToTag(upload, part.Number) == part.Tag ? place : null;
    }

    public ObjectTag ToTag(UploadDescription upload, int number)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{upload.Secret} {number} {OffsetBytes} {LengthBytes}");
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(place)).AsSpan(0, 8));
        return new ObjectTag(string.Create(CultureInfo.InvariantCulture, $"{OffsetBytes}-{digest}"));
    }
}
