using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// A real server with an empty directory of its own and one plain connection, for tests that ask what a server makes of a payload. It ends with the
/// test, also where the test fails.
/// </summary>
public sealed class DumpServer : IDisposable
{
    private readonly Process _process;
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cache-backup-test-");

    private DumpServer(string program, string[] options)
    {
        int port = FreePort();
        _process = Process.Start(new ProcessStartInfo(
            program,
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", _directory.FullName, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _client = Connect(port);
        _stream = new BufferedStream(_client.GetStream(), 1 << 16);
    }

    public string Directory_ => _directory.FullName;

    /// <summary>Starts <c>redis-server</c> or <c>valkey-server</c>. Where it is not installed the test is skipped, and fails with <c>CI=1</c>.</summary>
    public static DumpServer Start(string program, params string[] options)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "1", $"{program} is not installed");
            Assert.Skip($"{program} is not installed");
        }

        return new DumpServer(path, options);
    }

    /// <summary>Sends one command. An error reply is returned as an <see cref="InvalidOperationException"/>, not thrown.</summary>
    public object? Call(params object[] arguments) => Pipeline([arguments])[0];

    /// <summary>Sends one command that must succeed.</summary>
    public object? Do(params object[] arguments) => Call(arguments) is Exception e ? throw e : Call([]);

    /// <summary>Sends all commands, then reads all replies.</summary>
    public List<object?> Pipeline(IReadOnlyList<object[]> commands)
    {
        foreach (object[] arguments in commands)
        {
            Line($"*{arguments.Length}");
            foreach (object argument in arguments)
            {
                byte[] bytes = argument as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(argument, CultureInfo.InvariantCulture)!);
                Line($"${bytes.Length}");
                _stream.Write(bytes);
                Line(string.Empty);
            }
        }

        _stream.Flush();
        return [.. commands.Select(_ => ReadReply())];
    }

    public byte[] Dump(string key) => (byte[])Call("DUMP", key)!;

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private TcpClient Connect(int port)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new TcpClient("127.0.0.1", port) { NoDelay = true };
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
            {
                _process.WaitForExit(20);
            }
        }
    }

    private void Line(string text) => _stream.Write(Encoding.ASCII.GetBytes(text + "\r\n"));

    private object? ReadReply()
    {
        string line = ReadLine();
        string rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case '-':
                return new InvalidOperationException(rest);
            case ':':
                return long.Parse(rest, CultureInfo.InvariantCulture);
            case '$':
                int length = int.Parse(rest, CultureInfo.InvariantCulture);
                if (length < 0)
                {
                    return null;
                }

                byte[] bytes = new byte[length];
                _stream.ReadExactly(bytes);
                ReadLine();
                return bytes;
            default:
                int count = int.Parse(rest, CultureInfo.InvariantCulture);
                return count < 0 ? null : Enumerable.Range(0, count).Select(_ => ReadReply()).ToArray();
        }
    }

    private string ReadLine()
    {
        var line = new StringBuilder();
        while (true)
        {
            int next = _stream.ReadByte();
            if (next < 0)
            {
                throw new IOException("The server closed the connection");
            }

            if (next == '\n')
            {
                return line.ToString(0, line.Length - 1);
            }

            line.Append((char)next);
        }
    }
}
