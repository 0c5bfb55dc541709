using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;

namespace CacheBackup.Fixtures.Caches;

/// <summary>
/// A real redis-server or valkey-server of a test, on a free loopback port, in a directory of its own. It saves nothing by itself, allows
/// DEBUG, and dies with the test process, however that ends.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>In the server's directory, where an authority is given: for servers that are clients of others.</summary>
    public const string AuthorityFile = "authority.crt";

    // The shell ends the server when its standard input ends, which it does when the test process is gone, even by SIGKILL.
    private const string Guardian = """ "$@" & echo $!; read -r _; kill -9 $! 2>/dev/null; wait """;
    private const int StartAttempts = 5;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServerOptions _options;
    private readonly DirectoryInfo _directory;
    private Process? _guardian;
    private int _processId;

    private ServerProcess(ServerOptions options)
    {
        _options = options;
        _directory = Directory.CreateTempSubdirectory("cache-server-");
    }

    public CacheEngine Engine => _options.Engine;

    public int Port { get; private set; }

    public CacheEndpoint Endpoint => new(_options.Certificate is null ? "127.0.0.1" : "localhost", Port);

    /// <summary>How to reach it, without user and password; add those with <c>with</c>.</summary>
    public CacheAddress Address => new()
    {
        Endpoint = Endpoint,
        Tls = _options.Certificate is null ? null : new CacheTls { AuthoritiesPem = _options.AuthorityPem },
    };

    /// <summary>The server's directory: <c>dump.rdb</c> after SAVE.</summary>
    public string DirectoryPath => _directory.FullName;

    public int ProcessId => _processId;

    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : string.Empty;

    private string LogPath => Path.Combine(DirectoryPath, "server.log");

    private string ConfigurationPath => Path.Combine(DirectoryPath, "server.conf");

    /// <summary>The program of an engine: what <see cref="Requires.Program"/> is to be asked for.</summary>
    public static string ProgramOf(CacheEngine engine) => engine switch
    {
        CacheEngine.Redis => "redis-server",
        CacheEngine.Valkey => "valkey-server",
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "No RESP server."),
    };

    /// <summary>Starts a server and waits until it answers. The calling test is skipped where the program is not installed.</summary>
    public static async Task<ServerProcess> StartAsync(ServerOptions options, CancellationToken cancellationToken = default)
    {
        Requires.Program(ProgramOf(options.Engine));
        var server = new ServerProcess(options);
        try
        {
            server.PrepareFiles();
            for (int attempt = 1; ; attempt++)
            {
                server.Port = FreePort();
                if (await server.TryStartAsync(cancellationToken))
                {
                    return server;
                }

                // Between finding the port free and the server's bind somebody else may have taken it.
                if (attempt == StartAttempts || !server.Log.Contains("in use", StringComparison.OrdinalIgnoreCase))
                {
                    throw new InvalidOperationException($"{ProgramOf(options.Engine)} did not start:\n{server.Log}");
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An engine with nothing special.</summary>
    public static Task<ServerProcess> StartAsync(CacheEngine engine, CancellationToken cancellationToken = default) =>
        StartAsync(new ServerOptions { Engine = engine }, cancellationToken);

    /// <summary>A client of its own, authenticated where a password is given.</summary>
    public async Task<CacheClient> ConnectAsync(string? password = null, CancellationToken cancellationToken = default)
    {
        CacheClient client = await CacheClient.ConnectAsync(Endpoint, _options.Certificate is not null, cancellationToken);
        if (password is not null)
        {
            await client.RequireAsync("AUTH", password);
        }

        return client;
    }

    /// <summary>The engine's own version.</summary>
    public async Task<CacheVersion> VersionAsync()
    {
        await using CacheClient client = await ConnectAsync();
        string name = Engine == CacheEngine.Valkey ? "valkey_version:" : "redis_version:";
        string line = (await client.TextAsync("INFO", "server")).Split("\r\n").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return CacheVersion.FromCatalog(line[name.Length..]);
    }

    /// <summary>Makes a user with <see cref="KnownPassword.Default"/> and these rules alone, while it runs.</summary>
    public async Task AddUserAsync(string name, IEnumerable<string> rules)
    {
        await using CacheClient client = await ConnectAsync();
        await client.RequireAsync(["ACL", "SETUSER", name, "reset", "on", $">{KnownPassword.Default}", .. rules.Select(rule => (RespArgument)rule)]);
    }

    /// <summary>Kills it at once, as <c>kill -9</c> does; its directory stays, and <see cref="StartAgainAsync"/> brings it back.</summary>
    public async Task KillAsync()
    {
        if (_guardian is not { } guardian)
        {
            return;
        }

        _guardian = null;
        guardian.StandardInput.Close();
        await guardian.WaitForExitAsync();
        guardian.Dispose();
    }

    /// <summary>Starts it again on the same port, in the same directory; it loads its <c>dump.rdb</c> if there is one.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (!await TryStartAsync(cancellationToken))
        {
            throw new InvalidOperationException($"{ProgramOf(Engine)} did not start again:\n{Log}");
        }
    }

    /// <summary>Stops it in its tracks (SIGSTOP) and lets it go on (SIGCONT).</summary>
    public void Pause() => UnixSignal.Send(_processId, UnixSignal.Stop);

    public void Resume() => UnixSignal.Send(_processId, UnixSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void PrepareFiles()
    {
        if (_options.RdbFile is { } rdb)
        {
            File.Copy(rdb, Path.Combine(DirectoryPath, "dump.rdb"));
        }

        if (_options.AuthorityPem is { } authority)
        {
            File.WriteAllText(Path.Combine(DirectoryPath, AuthorityFile), authority);
        }

        if (_options.Certificate is { } certificate)
        {
            File.WriteAllText(Path.Combine(DirectoryPath, "server.crt"), certificate.ExportCertificatePem());
            using ECDsa key = certificate.GetECDsaPrivateKey()
                ?? throw new InvalidOperationException("The certificate has no ECDSA key.");
            File.WriteAllText(Path.Combine(DirectoryPath, "server.key"), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private void WriteConfiguration()
    {
        string port = Port.ToString(CultureInfo.InvariantCulture);
        string[] listening = _options.Certificate is null
            ? [$"port {port}"]
            : ["port 0", $"tls-port {port}", "tls-cert-file server.crt", "tls-key-file server.key", "tls-ca-cert-file server.crt", "tls-auth-clients no"];
        File.WriteAllLines(
            ConfigurationPath,
            [
                "bind 127.0.0.1", $"dir {DirectoryPath}", $"logfile {LogPath}", "save \"\"", "appendonly no", "daemonize no",
                "enable-debug-command yes", "repl-diskless-sync-delay 0", .. listening, .. _options.Configuration,
            ]);
    }

    private async Task<bool> TryStartAsync(CancellationToken cancellationToken)
    {
        WriteConfiguration();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = DirectoryPath };
        foreach (string argument in (string[])["-c", Guardian, "guardian", ProgramOf(Engine), ConfigurationPath])
        {
            start.ArgumentList.Add(argument);
        }

        _guardian = Process.Start(start)!;
        string? id = await _guardian.StandardOutput.ReadLineAsync(cancellationToken);
        _processId = int.Parse(id!, CultureInfo.InvariantCulture);
        if (await AnswersAsync(cancellationToken))
        {
            return true;
        }

        await KillAsync();
        return false;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (IsRunning && TimeProvider.System.GetElapsedTime(began) < StartPatience)
        {
            try
            {
                await using CacheClient client = await ConnectAsync(cancellationToken: cancellationToken);
                RespReply reply = await client.SendAsync("PING");
                bool isLoading = reply.TryGetError(out RespError error) && error.Code == "LOADING";
                if (!isLoading || _options.MayBeLoading)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not listening yet.
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        return false;
    }

    private bool IsRunning => File.Exists($"/proc/{_processId}/stat") && !File.ReadAllText($"/proc/{_processId}/stat").Contains(") Z ", StringComparison.Ordinal);
}
