using System.Security.Cryptography;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;
using CacheBackup.Core.Storage.Files;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// The files of a directory that people and other programs use too: plain names, nothing else is kept there. A file is written beside its
/// name, synchronised, and given the name only where nothing has it; it belongs to its owner alone (mode 0600).
/// </summary>
public sealed class FolderFiles(string folder, TimeProvider time) : IBucketFiles
{
    private const string Partial = ".partial";

    public Task<BucketFile?> FindAsync(BucketFileName name, CancellationToken cancellationToken) => TranslatedAsync(() =>
    {
        var file = new FileInfo(PathOf(name));
        return Task.FromResult(file.Exists ? new BucketFile(file.Length, file.LastWriteTimeUtc) : null);
    });

    public Task<ObjectContent> ReadAsync(BucketFileName name, ByteRange? range, CancellationToken cancellationToken)
    {
        StoreLimits.CheckRange(range);
        return TranslatedAsync(() =>
        {
            ObjectFile file = ObjectFile.TryOpen(PathOf(name)) ?? throw new ObjectNotFoundException($"There is no file {PathOf(name)}.");
            try
            {
                ObjectKey key = ObjectKey.OfOthers(name.Value);
                long length = file.LengthBytes;
                ByteRange cut = StoreLimits.Cut(key, range, length);
                var tag = new ObjectTag($"{length}-{file.WrittenAt.Ticks}");
                var body = new FileStream(file.Handle, FileAccess.Read, bufferSize: 0) { Position = cut.OffsetBytes };
                return Task.FromResult(new ObjectContent(new ExactLengthStream(body, cut.LengthBytes, key), cut.LengthBytes, length, tag));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    public Task RequireListingAsync(CancellationToken cancellationToken) =>
        TranslatedAsync(() => Task.FromResult(Directory.EnumerateFileSystemEntries(folder).Any()));

    public Task WriteAsync(BucketFileName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAsync(name, async (file, token) => await file.WriteAsync(content, token), cancellationToken);

    public async Task<CopyProof> WriteAsync(
        BucketFileName name, RecordedObject content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        await WriteAsync(
            name,
            async (file, token) =>
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await ObjectCopy.ReadAsync(
                    content.Store,
                    content.Key,
                    content.LengthBytes,
                    time,
                    async (bytes, stop) =>
                    {
                        hash.AppendData(bytes.Span);
                        await file.WriteAsync(bytes, stop);
                        progress?.Report(new TransferProgress(file.Length, content.LengthBytes, 0));
                    },
                    token);
                if (hash.Finish() is var found && found != content.Sha256)
                {
                    throw new BackupDamagedException(
                        $"'{content.Key}' has the SHA-256 {found}, recorded is {content.Sha256}: nothing was written. Verify the backup.");
                }
            },
            cancellationToken);
        return CopyProof.Streamed;
    }

    public Task RemoveAsync(BucketFileName name, CancellationToken cancellationToken) => TranslatedAsync(() =>
    {
        string path = PathOf(name);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
        }

        return Task.FromResult(true);
    });

    public Task RemovePartialAsync(BucketFileName name, CancellationToken cancellationToken) => TranslatedAsync(() =>
    {
        string path = PathOf(name);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            RemovePartials(path);
        }

        return Task.FromResult(true);
    });

    private Task<bool> WriteAsync(BucketFileName name, Func<FileStream, CancellationToken, Task> fill, CancellationToken cancellationToken) =>
        TranslatedAsync(async () =>
        {
            string path = PathOf(name);
            string directory = Path.GetDirectoryName(path)!;
            if (File.Exists(path))
            {
                throw new PreconditionFailedException($"{path} exists already.");
            }

            RemovePartials(path);
            string partial = Path.Combine(directory, PartialsOf(path) + RandomNumberGenerator.GetHexString(8, lowercase: true) + Partial);
            try
            {
                await using (FileStream file = NewFile.Create(partial, FileOptions.None))
                {
                    await fill(file, cancellationToken);
                    file.Flush(flushToDisk: true);
                }

                // A link, which fails where the name is taken: nothing is ever replaced.
                File.Move(partial, path, overwrite: false);
                NativeFile.SynchroniseDirectory(directory);
            }
            catch (IOException e) when (File.Exists(path) && File.Exists(partial))
            {
                throw new PreconditionFailedException($"{path} exists already.", e);
            }
            finally
            {
                File.Delete(partial);
            }

            return true;
        });

    /// <exception cref="InvalidRequestException">A link stands on the way: it could lead out of the directory that was allowed.</exception>
    private string PathOf(BucketFileName name)
    {
        string path = folder;
        foreach (string segment in name.Value.Split('/'))
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new InvalidRequestException($"{path} is a link, and links are not followed. Name the file itself.");
            }
        }

        return path;
    }

    /// <summary>How the names of half-written files begin: of a length that fits, whatever the file's own name.</summary>
    private static string PartialsOf(string path) =>
        $".cache-backup-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(path))).AsSpan(0, 8))}-";

    private static void RemovePartials(string path)
    {
        foreach (string partial in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, PartialsOf(path) + "*" + Partial))
        {
            File.Delete(partial);
        }
    }

    private async Task<T> TranslatedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            // Files block their thread: a call leaves its caller's thread first.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return await call();
        }
        catch (Exception failure) when (StoreErrors.Translate(failure, folder) is { } meaning)
        {
            throw meaning;
        }
    }
}
