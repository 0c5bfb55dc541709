using CacheBackup.Core.Model;

namespace CacheBackup.Local.Host;

/// <summary>Directories that only their owner enters.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="InvalidRequestException">It cannot be made.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"The directory {path} cannot be made: {e.Message} Name another one with --data.", e);
        }
    }
}
