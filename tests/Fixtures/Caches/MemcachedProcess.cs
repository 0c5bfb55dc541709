using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;
using Xunit;

namespace CacheBackup.Fixtures.Caches;

/// <summary>
/// A real memcached of a test, on a free loopback port. It dies with the test process, however that ends. The calling test is skipped where
/// the program is not installed.
/// </summary>
public sealed class MemcachedProcess : IAsyncDisposable
{
    // The shell ends the server when its standard input ends, which it does when the test process is gone, even by SIGKILL.
    private const string Guardian = """ "$@" & echo $!; read -r _; kill -9 $! 2>/dev/null; wait """;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("memcached-");
    private readonly X509Certificate2? _certificate;
    private readonly string? _authorityPem;
    private Process? _guardian;
    private IReadOnlyList<string> _arguments = [];

    private MemcachedProcess(X509Certificate2? certificate, string? authorityPem)
    {
        _certificate = certificate;
        _authorityPem = authorityPem;
    }

    public int Port { get; private set; }

    public int ProcessId { get; private set; }

    /// <summary>How to reach it, without user and password; add those with <c>with</c>.</summary>
    public CacheAddress Address => new()
    {
        Engine = CacheEngine.Memcached,
        Endpoint = new CacheEndpoint(_certificate is null ? "127.0.0.1" : "localhost", Port),
        Tls = _certificate is null ? null : new CacheTls { AuthoritiesPem = _authorityPem },
    };

    /// <param name="options">Further arguments: <c>-I 4m</c>.</param>
    /// <param name="users">The lines of its file of users; null: it asks for none.</param>
    public static async Task<MemcachedProcess> StartAsync(
        string options = "-m 256", string? users = null, X509Certificate2? certificate = null, string? authorityPem = null)
    {
        string program = Requires.Program("memcached");
        var server = new MemcachedProcess(certificate, authorityPem);
        try
        {
            List<string> arguments = [program, "-l", "127.0.0.1", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. server.Files(users)];
            if (Environment.UserName == "root")
            {
                arguments.AddRange(["-u", "root"]);
            }

            server._arguments = arguments;
            for (int attempt = 1; !await server.TryStartAsync(FreePort()); attempt++)
            {
                Assert.True(attempt < 5, "memcached did not start");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A plain connection for a test's own commands; not for servers with TLS.</summary>
    public async Task<MemcachedClient> ConnectAsync() => await MemcachedClient.ConnectAsync(Port);

    /// <summary>Stops it in its tracks (SIGSTOP) and lets it go on (SIGCONT).</summary>
    public void Pause() => UnixSignal.Send(ProcessId, UnixSignal.Stop);

    public void Resume() => UnixSignal.Send(ProcessId, UnixSignal.Continue);

    /// <summary>Kills it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (_guardian is { } guardian)
        {
            _guardian = null;
            guardian.StandardInput.Close();
            await guardian.WaitForExitAsync();
            guardian.Dispose();
        }
    }

    /// <summary>Starts it on its port again, after <see cref="KillAsync"/>, without an item.</summary>
    public async Task StartAgainAsync() => Assert.True(await TryStartAsync(Port), "memcached did not start again");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Delete(recursive: true);
    }

    private IEnumerable<string> Files(string? users)
    {
        if (users is not null)
        {
            string path = Path.Combine(_directory.FullName, "users");
            File.WriteAllText(path, users);
            yield return "-Y";
            yield return path;
        }

        if (_certificate is { } certificate)
        {
            string chain = Path.Combine(_directory.FullName, "chain.pem");
            string key = Path.Combine(_directory.FullName, "key.pem");
            File.WriteAllText(chain, certificate.ExportCertificatePem());
            using ECDsa secret = certificate.GetECDsaPrivateKey()!;
            File.WriteAllText(key, secret.ExportPkcs8PrivateKeyPem());
            yield return "-Z";
            yield return "-o";
            yield return $"ssl_chain_cert={chain},ssl_key={key}";
        }
    }

    /// <summary>False: somebody else took the port, or it ended for another reason.</summary>
    private async Task<bool> TryStartAsync(int port)
    {
        Port = port;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-c", Guardian, "memcached", .. _arguments, "-p", $"{Port}"])
        {
            start.ArgumentList.Add(argument);
        }

        _guardian = Process.Start(start)!;
        ProcessId = int.Parse((await _guardian.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartPatience && Directory.Exists($"/proc/{ProcessId}"))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        await KillAsync();
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
