using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CacheBackup.Fixtures.Caches;

/// <summary>An authority made for one test run, and server certificates signed by it: good ones and, on purpose, bad ones.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _now;

    public TestCertificates()
    {
        _now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Cache Backup test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
    }

    /// <summary>What a client must trust to accept the servers.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A certificate with its key for a server on 127.0.0.1 that calls itself <paramref name="name"/>.</summary>
    /// <param name="name">The only DNS name in it; <c>localhost</c> adds 127.0.0.1.</param>
    /// <param name="isExpired">It ended yesterday.</param>
    public X509Certificate2 Server(string name = "localhost", bool isExpired = false) => Sign(name, isExpired, ForServers);

    /// <summary>For a node of a cluster, which is a server and a client of the others.</summary>
    public X509Certificate2 Node() => Sign("localhost", isExpired: false, ForServers, ForClients);

    /// <summary>What a client shows: its certificate and private key, as PEM.</summary>
    public string ClientPem()
    {
        using X509Certificate2 certificate = Sign("client", isExpired: false, ForClients);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Sign(string name, bool isExpired, params string[] purposes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Oids(purposes), false));
        Span<byte> serial = stackalloc byte[16];
        RandomNumberGenerator.Fill(serial);
        serial[0] &= 0x7F;
        DateTimeOffset end = isExpired ? _now.AddDays(-1) : _now.AddDays(20);
        using X509Certificate2 certificate = request.Create(_authority, _now.AddDays(-20), end, serial);
        return certificate.CopyWithPrivateKey(key);
    }

    private static OidCollection Oids(string[] purposes)
    {
        var oids = new OidCollection();
        foreach (string purpose in purposes)
        {
            oids.Add(new Oid(purpose));
        }

        return oids;
    }
}
