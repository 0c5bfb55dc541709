using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Credentials;

/// <summary>
/// Passwords on one machine: <c>env:NAME</c> is an environment variable of this process, <c>file:/path</c> the first line of a file that only
/// its owner may read. They are read anew for every connection, so a changed password needs no restart.
/// </summary>
/// <param name="readVariable">Reads an environment variable; null where there is none.</param>
public sealed class LocalCredentials(Func<string, string?> readVariable) : ICredentials
{
    private const int MaxFileBytes = 64 * 1024;
    private const string EnvironmentScheme = "env:";
    private const string FileScheme = "file:";

    public LocalCredentials()
        : this(Environment.GetEnvironmentVariable)
    {
    }

    public async Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        CredentialReference reference = address.Password ?? throw new ArgumentException("The address names no password.", nameof(address));
        return new CacheLogin(address.Username, await ReadAsync(reference, address.Endpoint, cancellationToken));
    }

    private async Task<Secret<string>> ReadAsync(CredentialReference reference, CacheEndpoint endpoint, CancellationToken cancellationToken)
    {
        string text = reference.Value;
        if (text.StartsWith(EnvironmentScheme, StringComparison.Ordinal))
        {
            return FromEnvironment(text[EnvironmentScheme.Length..]);
        }

        return text.StartsWith(FileScheme, StringComparison.Ordinal)
            ? await FromFileAsync(text[FileScheme.Length..], cancellationToken)
            : throw new InvalidRequestException(
                $"The password of {endpoint} is said to be at {reference}, and secret: is read in AWS only. On one machine write env:NAME or file:/path.");
    }

    private static async Task<Secret<string>> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!Path.IsPathRooted(path))
        {
            throw new InvalidRequestException($"The password file {path} needs its whole path, such as file:/run/secrets/cache-password.");
        }

        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

            // Asked of the open file: the name may be another file by now.
            if (PrivateFile.IsOpenToOthers(file))
            {
                throw new InvalidRequestException($"Others may read the password file {path}. Take their rights away: chmod 600 {path}");
            }

            return FirstLine(await ReadAsync(file, cancellationToken), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"The password file {path} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(FileStream file, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFileBytes + 1];
        int length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MaxFileBytes
            ? buffer[..length]
            : throw new InvalidRequestException($"The password file {file.Name} is longer than {MaxFileBytes} bytes; is it the right one?");
    }

    private static Secret<string> FirstLine(ReadOnlySpan<byte> content, string path)
    {
        int end = content.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? content : content[..end];
        return line.IsEmpty
            ? throw new InvalidRequestException($"The first line of the password file {path} is empty. Write the password there.")
            : new Secret<string>(Encoding.UTF8.GetString(line));
    }

    private Secret<string> FromEnvironment(string name) => readVariable(name) is { Length: > 0 } value
        ? new Secret<string>(value)
        : throw new InvalidRequestException(
            $"The password is to be in the environment variable {name}, which is not set. Set it where this process is started, then start it again.");
}
