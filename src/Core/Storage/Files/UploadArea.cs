using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// Multipart uploads. All parts of an upload are written into one file, each at a place of its own that was given to it alone, in the
/// order in which they begin; a part's tag says where it lies. When the listed parts turn out to lie one after the other from the
/// file's start — the rule — the file itself becomes the object, and nothing is copied; else the kernel copies them into a new file.
/// <para>
/// Writers of parts hold the upload shared, complete and abort hold it alone: a late writer can neither change an object that is
/// visible nor write into one that is being made.
/// </para>
/// </summary>
internal sealed class UploadArea(ObjectArea area, TimeProvider timeProvider)
{
    private readonly Lock _placing = new();

    public UploadId Begin(ObjectKey key)
    {
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        string draft = Path.Combine(area.Temporary, id);
        NativeFile.MakeDirectory(draft);
        var about = new UploadDescription(key, timeProvider.GetUtcNow(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        NewFile.Write(Path.Combine(draft, UploadFiles.About), Encoding.ASCII.GetBytes(about.ToText()));
        foreach (string name in new[] { UploadFiles.Hold, UploadFiles.Placing, UploadFiles.Data })
        {
            NewFile.Write(Path.Combine(draft, name), []);
        }

        NativeFile.SynchroniseDirectory(draft);
        NativeFile.Rename(draft, FilesOf(id).Directory);
        NativeFile.SynchroniseDirectory(area.Uploads);
        return new UploadId(id);
    }

    /// <summary>The place is taken before the first await, so that parts that are begun in order lie in order.</summary>
    public async Task<UploadedPart> WriteAsync(
        ObjectKey key, UploadId upload, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        UploadFiles files = Find(key, upload);
        using FileLock hold = await HoldAsync(files, key, exclusive: false, cancellationToken);
        UploadDescription about = files.Describe();
        area.CheckSpace(content.Length, area.Options.ReserveBytes);
        // Write-through: each write synchronises its own range alone, while an fsync would also wait for the parts beside it.
        using SafeFileHandle data = File.OpenHandle(
            files.DataFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.WriteThrough);
        var place = new PartPlace(await PlaceAsync(files, data, content.Length, cancellationToken), content.Length);
        await RandomAccess.WriteAsync(data, content, place.OffsetBytes, cancellationToken);
        PageCache.Forget(data, place.OffsetBytes, place.LengthBytes);
        return new UploadedPart(number, place.ToTag(about, number), content.Length);
    }

    public async Task<ObjectTag> CompleteAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        UploadFiles files = Find(key, upload);
        using FileLock hold = await HoldAsync(files, key, exclusive: true, cancellationToken);
        UploadDescription about = files.Describe();
        using SafeFileHandle data = File.OpenHandle(
            files.DataFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long written = RandomAccess.GetLength(data);
        PartPlace[] places =
        [
            .. parts.Select(part => PartPlace.Parse(about, part) is { } place && place.EndBytes <= written
                ? place
                : throw new UploadNotFoundException($"The upload of '{key}' does not have part {part.Number} as it is listed.")),
        ];
        ObjectTag tag = TagOf(parts);
        if (LieInOrder(places))
        {
            await area.PublishAsync(key, files.DataFile, condition, () => tag = Cut(data, places[^1].EndBytes, tag), cancellationToken);
        }
        else
        {
            area.Check(key, condition);
            tag = await CopyAsync(key, data, places, tag, condition, cancellationToken);
        }

        Remove(files);
        return tag;
    }

    public async Task AbortAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken)
    {
        try
        {
            UploadFiles files = Find(key, upload);
            using FileLock hold = await HoldAsync(files, key, exclusive: true, cancellationToken);
            Remove(files);
        }
        catch (UploadNotFoundException)
        {
            // As good as aborted.
        }
    }

    public IReadOnlyList<OpenUpload> List(string prefix) =>
    [
        .. Directory.EnumerateDirectories(area.Uploads)
            .Select(directory => new UploadFiles(directory).OpenUpload())
            .OfType<OpenUpload>()
            .Where(upload => upload.Key.Value.StartsWith(prefix, StringComparison.Ordinal)),
    ];

    /// <summary>Removes what a killed process left of uploads that were completed already.</summary>
    public void Sweep()
    {
        foreach (UploadFiles files in Directory.EnumerateDirectories(area.Uploads).Select(directory => new UploadFiles(directory)))
        {
            try
            {
                using FileLock? alone = FileLock.TryAcquire(files.HoldFile, exclusive: true);
                if (alone is not null && !File.Exists(files.DataFile))
                {
                    Remove(files);
                }
            }
            catch (FileNotFoundException)
            {
                // Removed by its own process meanwhile.
            }
        }
    }

    private static bool LieInOrder(PartPlace[] places)
    {
        long end = 0;
        foreach (PartPlace place in places)
        {
            if (place.OffsetBytes != end)
            {
                return false;
            }

            end = place.EndBytes;
        }

        return true;
    }

    /// <summary>Parts that were begun and are not listed lie behind the object: they are cut off.</summary>
    private ObjectTag Cut(SafeFileHandle data, long lengthBytes, ObjectTag tag)
    {
        if (RandomAccess.GetLength(data) > lengthBytes)
        {
            RandomAccess.SetLength(data, lengthBytes);
        }

        return ObjectFile.Seal(data, tag, timeProvider.GetUtcNow());
    }

    private async Task<ObjectTag> CopyAsync(
        ObjectKey key,
        SafeFileHandle data,
        PartPlace[] places,
        ObjectTag tag,
        WriteCondition condition,
        CancellationToken cancellationToken)
    {
        area.CheckSpace(places.Sum(place => place.LengthBytes), area.Options.ReserveBytes);
        using TemporaryFile copy = TemporaryFile.Create(area.NewTemporary());
        long end = 0;
        foreach (PartPlace place in places)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FileCopy.Range(data, place.OffsetBytes, copy.Handle, end, place.LengthBytes, cancellationToken);
            end += place.LengthBytes;
        }

        tag = ObjectFile.Seal(copy.Handle, tag, timeProvider.GetUtcNow());
        await area.PublishAsync(key, copy.Path, condition, () => { }, cancellationToken);
        return tag;
    }

    /// <summary>A part's tag names its place and its upload, and no place is given twice: the list of tags stands for the content.</summary>
    private static ObjectTag TagOf(IReadOnlyList<UploadedPart> parts)
    {
        byte[] tags = Encoding.ASCII.GetBytes(string.Join('\n', parts.Select(part => part.Tag.Value)));
        return new ObjectTag($"{ObjectFile.TagOf(tags).Value}-{parts.Count}");
    }

    private async ValueTask<long> PlaceAsync(UploadFiles files, SafeFileHandle data, int length, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_placing)
            {
                using FileLock? placing = FileLock.TryAcquire(files.PlacingFile, exclusive: true);
                if (placing is not null)
                {
                    long end = RandomAccess.GetLength(data);
                    RandomAccess.SetLength(data, end + length);
                    return end;
                }
            }

            // Another process is between these two lines of its own.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private UploadFiles FilesOf(string id) => new(Path.Combine(area.Uploads, id));

    private UploadFiles Find(ObjectKey key, UploadId upload)
    {
        bool isId = upload.Value is { Length: 32 } && upload.Value.All(char.IsAsciiHexDigitLower);
        UploadFiles files = FilesOf(isId ? upload.Value : "none");
        return isId && files.OpenUpload() is { } open && open.Key == key ? files : throw NotFound(key);
    }

    private async ValueTask<FileLock> HoldAsync(UploadFiles files, ObjectKey key, bool exclusive, CancellationToken cancellationToken)
    {
        FileLock hold;
        try
        {
            hold = await FileLock.AcquireAsync(files.HoldFile, exclusive, area.Options.LockTimeout, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            throw NotFound(key);
        }

        if (!File.Exists(files.DataFile))
        {
            // It was completed or aborted while we waited, and what we hold has no name any more.
            hold.Dispose();
            throw NotFound(key);
        }

        return hold;
    }

    private void Remove(UploadFiles files)
    {
        string gone = area.NewTemporary();
        NativeFile.Rename(files.Directory, gone);
        NativeFile.SynchroniseDirectory(area.Uploads);
        try
        {
            Directory.Delete(gone, recursive: true);
        }
        catch (Exception swept) when (swept is DirectoryNotFoundException or FileNotFoundException)
        {
            // An old upload looks like a leftover to a process that is just opening the store, and it was faster.
        }
    }

    private static UploadNotFoundException NotFound(ObjectKey key) => new($"There is no open upload of '{key}' with that id.");
}
