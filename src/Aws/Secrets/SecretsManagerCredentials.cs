using System.Text.Json;
using CacheBackup.Aws.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Aws.Secrets;

/// <summary>
/// Passwords in Secrets Manager: <c>secret:NAME</c>, where the name begins with the installation's prefix. The secret is JSON,
/// <c>{"password": "…", "hosts": ["*.example.cache.amazonaws.com"]}</c>, with <c>username</c>, <c>clientCertificatePem</c> and <c>allowPlaintext</c> if wanted: it
/// says itself where it may be sent, so that nobody who may register a cache can have it sent elsewhere.
/// </summary>
/// <param name="prefix">What the names of secrets begin with that may be used, as <c>cache-backup/</c>.</param>
public sealed class SecretsManagerCredentials(AwsApi api, string prefix, TimeProvider time) : ICredentials
{
    /// <summary>How long a secret that was read is used; a changed one is also read when a node refuses the old one.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private const string Scheme = "secret:";
    private const int MaxKept = 100;

    private readonly AwsJsonApi _api = new(api, "secretsmanager", "1.1");
    private readonly Dictionary<string, ReadSecret> _read = [];
    private readonly Lock _reading = new();

    public async Task<CacheLogin> ResolveAsync(CacheAddress address, CancellationToken cancellationToken)
    {
        string name = NameOf(address);
        return (await AllowedAsync(name, address, cancellationToken)).LoginTo(name, address);
    }

    public async Task<Secret<string>> ReadCertificateAsync(CredentialReference reference, CacheAddress address, CancellationToken cancellationToken)
    {
        string name = NameOf(reference, "client certificate", address);
        return (await AllowedAsync(name, address, cancellationToken)).CertificateOf(name);
    }

    public bool Forget(CacheAddress address)
    {
        lock (_reading)
        {
            return _read.Remove(NameOf(address));
        }
    }

    private async Task<CacheSecret> AllowedAsync(string name, CacheAddress address, CancellationToken cancellationToken)
    {
        if (Recent(name) is { } recent && recent.RefusalOf(name, address) is null)
        {
            return recent;
        }

        // Not only where nothing is kept: the host may have been added a moment ago, on the advice of the refusal.
        CacheSecret secret = await ReadAsync(name, cancellationToken);
        return secret.RefusalOf(name, address) is { } refusal ? throw new InvalidRequestException(refusal) : secret;
    }

    private string NameOf(CacheAddress address) => NameOf(
        address.Password ?? throw new ArgumentException("The address names no password.", nameof(address)), "password", address);

    private string NameOf(CredentialReference reference, string what, CacheAddress address)
    {
        string name = reference.Value.StartsWith(Scheme, StringComparison.Ordinal) ? reference.Value[Scheme.Length..] : "";
        return name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)
            ? name
            : throw new InvalidRequestException(
                $"The {what} of {address.Endpoint} is said to be at {reference}. In AWS only secrets are read whose name begins with {prefix}: "
                + $"write {Scheme}{prefix}NAME, or deploy with another secretPrefix.");
    }

    private CacheSecret? Recent(string name)
    {
        lock (_reading)
        {
            return _read.TryGetValue(name, out ReadSecret? read) && time.GetElapsedTime(read.At) < Kept ? read.Secret : null;
        }
    }

    private async Task<CacheSecret> ReadAsync(string name, CancellationToken cancellationToken)
    {
        long at = time.GetTimestamp();
        CacheSecret secret = Parse(name, await FetchAsync(name, cancellationToken));
        lock (_reading)
        {
            if (_read.Count >= MaxKept)
            {
                _read.Clear();
            }

            _read[name] = new ReadSecret(secret, at);
        }

        return secret;
    }

    private async Task<string> FetchAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            SecretValueReply reply = await _api.SendAsync(
                "GetSecretValue",
                new SecretValueRequest(name),
                SecretsJson.Default.SecretValueRequest,
                SecretsJson.Default.SecretValueReply,
                cancellationToken);
            return reply.SecretString ?? throw new InvalidRequestException($"The secret {name} is binary. Store it as JSON text.");
        }
        catch (AwsServiceException e) when (e.Failure.Code is "ResourceNotFoundException" or "InvalidRequestException")
        {
            // The second is the answer for a secret that is marked for deletion.
            throw new InvalidRequestException($"There is no secret {name} in this Region, or it is being deleted. Create it, or correct the reference.", e);
        }
    }

    /// <summary>What is wrong is said without the parser's words: they quote the text.</summary>
    private static CacheSecret Parse(string name, string json)
    {
        SecretDocument? document = null;
        try
        {
            document = JsonSerializer.Deserialize(json, SecretsJson.Default.SecretDocument);
        }
        catch (JsonException)
        {
            // Said below.
        }

        Secret<string>? password = document?.Password is { Length: > 0 } text ? new Secret<string>(text) : null;
        Secret<string>? certificate = document?.ClientCertificatePem is { Length: > 0 } pem ? new Secret<string>(pem) : null;
        return document is not null && (password is not null || certificate is not null)
            ? new CacheSecret(document.Username, password, certificate, document.Hosts ?? [], document.AllowPlaintext ?? false)
            : throw new InvalidRequestException(
                $$"""The secret {{name}} is not of the form {"password": "…", "hosts": ["…"]}, with "username", "clientCertificatePem" and "allowPlaintext" if wanted.""");
    }

    private sealed record ReadSecret(CacheSecret Secret, long At);
}
