using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Credentials;

/// <summary>
/// Passwords on one machine: <c>env:NAME</c> is an environment variable of this process, <c>file:/path</c> the first line of a file that only
/// its owner may read. Client certificates are kept alike, in the whole of the file. They are read anew for every connection, so a changed password needs no restart.
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
        string text = reference.Value;
        Secret<string> password = text.StartsWith(FileScheme, StringComparison.Ordinal)
            ? FirstLine(await FromFileAsync(text[FileScheme.Length..], "password", cancellationToken), text[FileScheme.Length..])
            : FromEnvironment(reference, "password", address.Endpoint);
        return new CacheLogin(address.Username, password);
    }

    public async Task<Secret<string>> ReadCertificateAsync(CredentialReference reference, CacheAddress address, CancellationToken cancellationToken)
    {
        string text = reference.Value;
        return text.StartsWith(FileScheme, StringComparison.Ordinal)
            ? new Secret<string>(Encoding.UTF8.GetString(await FromFileAsync(text[FileScheme.Length..], "certificate", cancellationToken)))
            : FromEnvironment(reference, "client certificate", address.Endpoint);
    }

    private static async Task<byte[]> FromFileAsync(string path, string what, CancellationToken cancellationToken)
    {
        if (!Path.IsPathRooted(path))
        {
            throw new InvalidRequestException($"The {what} file {path} needs its whole path, such as file:/run/secrets/cache-{what}.");
        }

        try
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

            // Asked of the open file: the name may be another file by now.
            if (PrivateFile.IsOpenToOthers(file))
            {
                throw new InvalidRequestException($"Others may read the {what} file {path}. Take their rights away: chmod 600 {path}");
            }

            return await ReadAsync(file, what, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"The {what} file {path} cannot be read: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(FileStream file, string what, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxFileBytes + 1];
        int length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MaxFileBytes
            ? buffer[..length]
            : throw new InvalidRequestException($"The {what} file {file.Name} is longer than {MaxFileBytes} bytes; is it the right one?");
    }

    private static Secret<string> FirstLine(ReadOnlySpan<byte> content, string path)
    {
        int end = content.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? content : content[..end];
        return line.IsEmpty
            ? throw new InvalidRequestException($"The first line of the password file {path} is empty. Write the password there.")
            : new Secret<string>(Encoding.UTF8.GetString(line));
    }

    private Secret<string> FromEnvironment(CredentialReference reference, string what, CacheEndpoint endpoint)
    {
        if (!reference.Value.StartsWith(EnvironmentScheme, StringComparison.Ordinal))
        {
            throw new InvalidRequestException(
                $"The {what} of {endpoint} is said to be at {reference}, and secret: is read in AWS only. On one machine write env:NAME or file:/path.");
        }

        string name = reference.Value[EnvironmentScheme.Length..];
        return readVariable(name) is { Length: > 0 } value
            ? new Secret<string>(value)
            : throw new InvalidRequestException(
                $"The {what} is to be in the environment variable {name}, which is not set. Set it where this process is started, then start it again.");
    }
}
