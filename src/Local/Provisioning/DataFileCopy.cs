using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Provisioning;

/// <summary>Brings a data file from the object store into a server's directory, as the file that the server loads at its start.</summary>
internal sealed class DataFileCopy(IObjectStore store, long spareBytes)
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Copies all of the object; its bytes are on the disk, under the name that the server reads, when the task completes.</summary>
    /// <exception cref="ProvisioningException">There is no room; nothing was copied.</exception>
    /// <exception cref="StoreUnavailableException">The store broke off.</exception>
    public async Task RunAsync(ObjectKey key, ServerDirectory directory, CancellationToken cancellationToken)
    {
        await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
        RequireRoom(content.LengthBytes, directory);
        string partial = directory.DataPath + ".partial";
        await using (FileStream file = PrivateFile.Create(partial, bufferBytes: 0))
        {
            await content.Stream.CopyToAsync(file, BufferBytes, cancellationToken);
            if (file.Length != content.LengthBytes)
            {
                throw new StoreUnavailableException($"The store sent {file.Length} of {content.LengthBytes} bytes of {key}.");
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(partial, directory.DataPath, overwrite: true);
        DirectorySync.Flush(directory.FullPath);
    }

    private void RequireRoom(long lengthBytes, ServerDirectory directory)
    {
        long free = new DriveInfo(directory.FullPath).AvailableFreeSpace;
        if (free - spareBytes < lengthBytes)
        {
            throw new ProvisioningException(
                $"The new cache's data file has {lengthBytes} bytes, and {directory.FullPath} has {free} bytes free, of which {spareBytes} must stay so. "
                + "Make room, or choose another data directory (--data).");
        }
    }
}
