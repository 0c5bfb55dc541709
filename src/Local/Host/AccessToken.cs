using System.Security.Cryptography;
using CacheBackup.Core.Model;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Host;

/// <summary>The API's bearer token: 256 random bits, kept in a file that only its owner reads.</summary>
/// <param name="FilePath">Where callers on this machine find it.</param>
public sealed record AccessToken(Secret<string> Value, string FilePath)
{
    private const int Bytes = 32;

    /// <exception cref="InvalidRequestException">Others can read the file, or it is not a token.</exception>
    public static async Task<AccessToken> ReadOrCreateAsync(string filePath, CancellationToken cancellationToken)
    {
        if (!File.Exists(filePath))
        {
            await PrivateFile.WriteAsync(filePath, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)), cancellationToken);
        }

        await using FileStream file = File.OpenRead(filePath);
        if (PrivateFile.IsOpenToOthers(file))
        {
            throw new InvalidRequestException($"{filePath} can be read by others. Remove it: the next start makes a new one.");
        }

        using StreamReader reader = new(file);
        string text = (await reader.ReadToEndAsync(cancellationToken)).Trim();
        return text.Length == Bytes * 2
            ? new AccessToken(new Secret<string>(text), filePath)
            : throw new InvalidRequestException($"{filePath} does not hold a token. Remove it: the next start makes a new one.");
    }
}
