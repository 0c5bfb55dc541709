using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// TLS with chain and name always checked. Revocation lists are not fetched: a private network seldom reaches them, and a check that is
/// skipped when it fails is none.
/// </summary>
internal sealed class TlsHandshake
{
    private readonly CacheTls _tls;
    private readonly CacheEndpoint _endpoint;
    private string? _refused;

    private TlsHandshake(CacheTls tls, CacheEndpoint endpoint)
    {
        _tls = tls;
        _endpoint = endpoint;
    }

    private string ServerName => _tls.ServerName ?? _endpoint.Host;

    /// <exception cref="CacheTlsException">The peer is not who it should be, or speaks no TLS that we accept.</exception>
    public static async Task<Stream> RunAsync(Stream transport, CacheTls tls, CacheEndpoint endpoint, CancellationToken cancellationToken)
    {
        var handshake = new TlsHandshake(tls, endpoint);
        var stream = new SslStream(transport, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(handshake.Options(), cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw handshake.Failure(e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, _, chain, errors) => Accepts(chain, errors),
        };
        if (_tls.AuthoritiesPem is { } pem)
        {
            options.CertificateChainPolicy = TrustOnly(pem);
        }

        return options;
    }

    private X509ChainPolicy TrustOnly(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new CacheTlsException($"The authorities given for {_endpoint} are no PEM certificates.", e);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new CacheTlsException($"The authorities given for {_endpoint} hold no PEM certificate.");
    }

    /// <summary>Accepts what the platform accepts, and keeps the reason when it does not.</summary>
    private bool Accepts(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            reasons.Add("it sent no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"its certificate is not for the name {ServerName}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            IEnumerable<X509ChainStatusFlags> states = chain?.ChainStatus.Select(s => s.Status).Distinct() ?? [];
            reasons.Add($"its certificate's chain is not valid here ({string.Join(", ", states)})");
        }

        _refused = string.Join(" and ", reasons);
        return false;
    }

    private CacheTlsException Failure(Exception e) => _refused is { } reason
        ? new CacheTlsException($"TLS to {_endpoint} failed: {reason}.", e)
        : new CacheTlsException($"TLS to {_endpoint} failed in the handshake. Check that the port speaks TLS and asks for no client certificate.", e);
}
