using System.Diagnostics;
using System.Text;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Local.Provisioning;

/// <summary>One start of a server: waits until it serves, or says why it does not.</summary>
internal sealed class ServerStart
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly ServerProgram _program;
    private readonly ServerDirectory _directory;
    private readonly ServerLine _line;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly long _logStart;

    /// <summary>Made before the process is started: what the log says from here on is about this start.</summary>
    public ServerStart(ServerProgram program, ServerDirectory directory, ServerLine line, TimeSpan patience, TimeProvider time)
    {
        _program = program;
        _directory = directory;
        _line = line;
        _patience = patience;
        _time = time;
        _logStart = directory.LogLengthBytes;
    }

    /// <summary>Waits while the server is loading, however long; not longer than the patience while it says nothing.</summary>
    /// <param name="started">The process; null: one that an earlier attempt left, found by its directory.</param>
    /// <returns>False: the server ended because another program has its port.</returns>
    /// <exception cref="ProvisioningException">It ended for another reason, or says nothing; the message quotes its log.</exception>
    public async Task<bool> WaitAsync(Process? started, CancellationToken cancellationToken)
    {
        long heard = _time.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (true)
        {
            bool hasEnded = started?.HasExited ?? ServerProcesses.Find(_directory) is null;
            ServerAnswer answer = await _line.AskAsync(cancellationToken);
            switch (answer)
            {
                case ServerAnswer.Ready:
                    return true;
                case ServerAnswer.Loading:
                    heard = _time.GetTimestamp();
                    break;
                case var _ when hasEnded:
                    return answer == ServerAnswer.Foreign || HasLostItsPort() ? false : throw Ended();
                case var _ when _time.GetElapsedTime(heard) > _patience:
                    throw new ProvisioningException(
                        $"{_program} was started and said nothing for {_patience.TotalSeconds} s. Its log ends: {_directory.LogTail(_logStart)}");
            }

            await Task.Delay(pause, _time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private bool HasLostItsPort() => _directory.LogTail(_logStart).Contains("Address already in use", StringComparison.Ordinal);

    private ProvisioningException Ended()
    {
        string tail = _directory.LogTail(_logStart);
        string reason = tail.Contains("Can't handle RDB format version", StringComparison.Ordinal)
            ? $"{_program} does not load a data file of version {DataFileVersion()}, which is newer than it knows. "
                + "Restore key by key instead, or install a newer server."
            : $"{_program} ended at its start.";
        return new ProvisioningException($"{reason} Its log ends: {tail}");
    }

    private string DataFileVersion()
    {
        using FileStream file = File.OpenRead(_directory.DataPath);
        byte[] header = new byte[RdbVersion.HeaderBytes];
        int length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        return length == header.Length && RdbVersion.TryParse(header, out RdbVersion version)
            ? version.ToString()
            : $"'{Encoding.ASCII.GetString(header, 0, length)}'";
    }
}
