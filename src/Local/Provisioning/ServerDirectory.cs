using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// The directory of one server, <c>&lt;name&gt;-&lt;generation&gt;</c>, mode 0700: its record, configuration, password, log, process id
/// and data.
/// </summary>
internal sealed class ServerDirectory(string path)
{
    public const string DataFileName = "dump.rdb";
    private const string ConfigurationFileName = "server.conf";
    private const string ProcessIdFileName = "server.pid";
    private const string LogFileName = "server.log";
    private const int PasswordLength = 43;
    private const int LogTailBytes = 4096;
    private const int LogTailLines = 6;

    public string FullPath { get; } = Path.GetFullPath(path);

    public string DataPath => In(DataFileName);

    public string ConfigurationPath => In(ConfigurationFileName);

    public string ProcessIdPath => In(ProcessIdFileName);

    /// <summary>0 where there is none yet.</summary>
    public long LogLengthBytes => new FileInfo(LogPath) is { Exists: true } log ? log.Length : 0;

    public CredentialReference Password => CredentialReference.Parse($"file:{PasswordPath}");

    private string LogPath => In(LogFileName);

    private string RecordPath => In("server.json");

    private string PasswordPath => In("password");

    /// <summary>The directory of a cache and generation below the folder of all of them.</summary>
    public static ServerDirectory Of(string folder, CacheName name, long generation) =>
        new(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{generation}")));

    /// <summary>All directories below the folder, or those of one cache, in every generation.</summary>
    public static IEnumerable<ServerDirectory> All(string folder, CacheName? name = null)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        // What follows the last hyphen is the generation: cache a in generation 5 is a-5, cache a-5 in generation 7 is a-5-7.
        return Directory.GetDirectories(folder)
            .Where(path => Path.GetFileName(path).LastIndexOf('-') is var hyphen && hyphen > 0
                && Path.GetFileName(path)[(hyphen + 1)..].All(char.IsAsciiDigit)
                && (name is null || Path.GetFileName(path)[..hyphen] == name.Value.Value))
            .Order(StringComparer.Ordinal)
            .Select(path => new ServerDirectory(path));
    }

    /// <summary>Null: the server was never started, and what is in the directory is of no use.</summary>
    /// <exception cref="ProvisioningException">The record is not readable.</exception>
    public async Task<ServerRecord?> ReadRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] json = await File.ReadAllBytesAsync(RecordPath, cancellationToken);
            return JsonSerializer.Deserialize(json, ServerRecordJson.Default.ServerRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new ProvisioningException($"{RecordPath} is not readable: {e.Message} Remove the cache and make it again.", e);
        }
    }

    public Task WriteRecordAsync(ServerRecord record, CancellationToken cancellationToken) => PrivateFile.WriteAsync(
        RecordPath, JsonSerializer.Serialize(record, ServerRecordJson.Default.ServerRecord), cancellationToken);

    /// <summary>A new password, known to this directory alone.</summary>
    public Task WritePasswordAsync(CancellationToken cancellationToken)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        return PrivateFile.WriteAsync(PasswordPath, RandomNumberGenerator.GetString(Alphabet, PasswordLength), cancellationToken);
    }

    /// <summary>
    /// The server's own configuration file. It listens on the loopback address only, and saves at the engine's usual intervals and when it
    /// is stopped, so that what was restored survives.
    /// </summary>
    public async Task WriteConfigurationAsync(int port, CancellationToken cancellationToken)
    {
        string password = await File.ReadAllTextAsync(PasswordPath, cancellationToken);
        string[] lines =
        [
            "bind 127.0.0.1",
            "protected-mode yes",
            string.Create(CultureInfo.InvariantCulture, $"port {port}"),
            $"requirepass {password}",
            $"dir {Quoted(FullPath)}",
            $"dbfilename {DataFileName}",
            $"logfile {LogFileName}",
            $"pidfile {Quoted(ProcessIdPath)}",
            "daemonize no",
            "save 3600 1 300 100 60 10000",
            "rdbchecksum yes",
            "appendonly no",
        ];
        await PrivateFile.WriteAsync(ConfigurationPath, string.Join('\n', lines) + "\n", cancellationToken);
    }

    /// <summary>
    /// The last lines that the server's log got since it was <paramref name="fromOffset"/> bytes long, in one line for messages. A server
    /// quotes a configuration line that it does not understand: the password is taken out.
    /// </summary>
    public string LogTail(long fromOffset)
    {
        if (LogLengthBytes <= fromOffset)
        {
            return "(it wrote nothing)";
        }

        using FileStream log = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(Math.Max(fromOffset, log.Length - LogTailBytes), SeekOrigin.Begin);
        using StreamReader reader = new(log);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string tail = string.Join(" | ", lines.TakeLast(LogTailLines));
        return tail.Replace(File.ReadAllText(PasswordPath), "**redacted**", StringComparison.Ordinal);
    }

    /// <summary>A path as a configuration file takes it.</summary>
    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private string In(string name) => Path.Combine(FullPath, name);
}
