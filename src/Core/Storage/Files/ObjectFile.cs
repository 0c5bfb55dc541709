using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// The open file of one object, whatever happens to its name meanwhile. Its tag lies beside its bytes in an extended attribute, with
/// the length and time of writing that it was given for; where there is none (a file system without attributes) or they do not fit
/// any more (a file changed by hand), the tag is the SHA-256 of the content.
/// </summary>
internal sealed class ObjectFile : IDisposable
{
    private const string TagAttribute = "user.cache-backup.tag";
    private const int MaxAttributeLength = 160;
    private const int TagBytes = 16;

    private ObjectFile(SafeFileHandle handle) => Handle = handle;

    public SafeFileHandle Handle { get; }

    public long LengthBytes => RandomAccess.GetLength(Handle);

    public DateTimeOffset WrittenAt => new(File.GetLastWriteTimeUtc(Handle), TimeSpan.Zero);

    /// <summary>The object's file, or null where there is none.</summary>
    public static ObjectFile? TryOpen(string path) => NativeFile.TryOpen(path) is { } handle ? new ObjectFile(handle) : null;

    /// <summary>The tag of content that is written in one piece.</summary>
    public static ObjectTag TagOf(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, TagBytes)));

    /// <summary>
    /// Gives a finished file its time and its tag, and makes all of it durable.
    /// </summary>
    /// <returns>The tag that a reader will find: another one where the file system keeps no attributes.</returns>
    public static ObjectTag Seal(SafeFileHandle file, ObjectTag tag, DateTimeOffset writtenAt)
    {
        File.SetLastWriteTimeUtc(file, writtenAt.UtcDateTime);
        bool isKept = NativeFile.TrySetAttribute(file, TagAttribute, Encoding.ASCII.GetBytes($"{Fingerprint(file)} {tag.Value}"));
        RandomAccess.FlushToDisk(file);
        return isKept ? tag : HashOf(file);
    }

    public ObjectTag ReadTag()
    {
        Span<byte> bytes = stackalloc byte[MaxAttributeLength];
        int length = NativeFile.GetAttribute(Handle, TagAttribute, bytes);
        if (length > 0)
        {
            string attribute = Encoding.ASCII.GetString(bytes[..length]);
            string fingerprint = Fingerprint(Handle) + " ";
            if (attribute.StartsWith(fingerprint, StringComparison.Ordinal))
            {
                return new ObjectTag(attribute[fingerprint.Length..]);
            }
        }

        return HashOf(Handle);
    }

    public ObjectSummary Summary(ObjectKey key) => new(key, LengthBytes, ReadTag(), WrittenAt);

    public void Dispose() => Handle.Dispose();

    private static string Fingerprint(SafeFileHandle file) =>
        string.Create(CultureInfo.InvariantCulture, $"{RandomAccess.GetLength(file)} {File.GetLastWriteTimeUtc(file).Ticks}");

    private static ObjectTag HashOf(SafeFileHandle file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        long offset = 0;
        int read;
        while ((read = RandomAccess.Read(file, buffer, offset)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            offset += read;
        }

        return new ObjectTag(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, TagBytes)));
    }
}
