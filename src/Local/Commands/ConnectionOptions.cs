using System.CommandLine;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Commands;

/// <summary>The options that say how to reach a cache, for every command that does.</summary>
internal sealed class ConnectionOptions
{
    private const string PasswordVariable = "CACHE_BACKUP_PASSWORD";

    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        Description = $"Read the password from the first line of this file, which only you may read (chmod 600). Default: {PasswordVariable}, if set.",
        HelpName = "path",
    };

    private readonly Option<string?> _authorities = new("--ca")
    {
        Description = "Trust these certificate authorities (PEM) instead of the system's. For rediss:// only.",
        HelpName = "path",
    };

    private readonly Option<string?> _serverName = new("--server-name")
    {
        Description = "The name that the server's certificate must carry. Default: the address's host. For rediss:// only.",
        HelpName = "name",
    };

    private readonly Option<string?> _certificate = new("--cert")
    {
        Description = "Show this client certificate: a PEM file with its private key in it, which only you may read (chmod 600). For rediss:// only.",
        HelpName = "path",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_certificate);
        command.Options.Add(_passwordFile);
        command.Options.Add(_authorities);
        command.Options.Add(_serverName);
    }

    /// <exception cref="BadUsageException">The options do not fit together, or with the address.</exception>
    public CacheAddress AddressOf(string url, ParseResult parsed, ToolContext context)
    {
        CacheUrl parsedUrl = CacheUrl.Parse(url);
        CredentialReference? password = PasswordOf(parsed, context);
        if (parsedUrl.Username is not null && password is null)
        {
            throw new BadUsageException(
                $"The address names a user, who needs a password: put it into {PasswordVariable} or into a file (--password-file).");
        }

        return new CacheAddress
        {
            Endpoint = parsedUrl.Endpoint,
            Engine = parsedUrl.Engine,
            Username = parsedUrl.Username,
            Password = password,
            Tls = TlsOf(parsedUrl, parsed),
        };
    }

    private CredentialReference? PasswordOf(ParseResult parsed, ToolContext context)
    {
        if (parsed.GetValue(_passwordFile) is { } path)
        {
            return FileReference(path);
        }

        return context.ReadVariable(PasswordVariable) is { Length: > 0 } ? CredentialReference.Parse($"env:{PasswordVariable}") : null;
    }

    private static CredentialReference FileReference(string path) =>
        CredentialReference.TryParse($"file:{Path.GetFullPath(path)}", out CredentialReference reference)
            ? reference
            : throw new BadUsageException($"The path of {path} is too long.");

    private CacheTls? TlsOf(CacheUrl url, ParseResult parsed)
    {
        string? authorities = parsed.GetValue(_authorities);
        string? serverName = parsed.GetValue(_serverName);
        string? certificate = parsed.GetValue(_certificate);
        if (url.IsTls)
        {
            return new CacheTls
            {
                ServerName = serverName,
                AuthoritiesPem = authorities is null ? null : File.ReadAllText(authorities),
                ClientCertificate = certificate is null ? null : FileReference(certificate),
            };
        }

        return authorities is null && serverName is null && certificate is null
            ? null
            : throw new BadUsageException("--ca, --cert and --server-name are about TLS, and the address says redis://. Write rediss:// for TLS.");
    }
}
