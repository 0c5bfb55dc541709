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
    private readonly X509Certificate2? _shown;
    private string? _refused;

    private TlsHandshake(CacheTls tls, CacheEndpoint endpoint, X509Certificate2? shown)
    {
        _tls = tls;
        _endpoint = endpoint;
        _shown = shown;
    }

    private string ServerName => _tls.ServerName ?? _endpoint.Host;

    /// <param name="clientPem">The certificate that we show, with its key; null: none.</param>
    /// <exception cref="CacheTlsException">The peer is not who it should be, or speaks no TLS that we accept, or our certificate is none.</exception>
    public static async Task<Stream> RunAsync(
        Stream transport, CacheTls tls, CacheEndpoint endpoint, Secret<string>? clientPem, CancellationToken cancellationToken)
    {
        using X509Certificate2? shown = clientPem is null ? null : ReadCertificate(clientPem, endpoint);
        var handshake = new TlsHandshake(tls, endpoint, shown);
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
        if (_shown is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(_shown, additionalCertificates: null, offline: true);
        }

        if (_tls.AuthoritiesPem is { } pem)
        {
            options.CertificateChainPolicy = TrustOnly(pem);
        }

        return options;
    }

    /// <summary>What is wrong with it is said without the platform's words, which may quote the text.</summary>
    private static X509Certificate2 ReadCertificate(Secret<string> pem, CacheEndpoint endpoint)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem.Reveal(), pem.Reveal());
        }
        catch (CryptographicException)
        {
            throw new CacheTlsException($"What is to be shown to {endpoint} is no PEM certificate with its private key. Put both into one text, the key unencrypted.");
        }
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
        : new CacheTlsException($"TLS to {_endpoint} failed in the handshake. Check that the port speaks TLS{Asking}.", e);

    private string Asking => _shown is null ? " and asks for no client certificate" : " and trusts the client certificate's authority";
}
