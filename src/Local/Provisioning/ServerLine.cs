using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Local.Credentials;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// Talks to a server that was made here. Its password was made for it alone and lies in its directory: who takes it is the server.
/// </summary>
internal sealed class ServerLine(CacheAddress address, TimeProvider time)
{
    private static readonly RespConnectionOptions Options = new() { ConnectTimeout = TimeSpan.FromSeconds(5), StallTimeout = TimeSpan.FromSeconds(5) };

    // To be stopped, a server first writes all its data: as long as that takes, it says nothing.
    private static readonly RespConnectionOptions Patient = new() { StallTimeout = TimeSpan.FromMinutes(30) };

    public async Task<ServerAnswer> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using RespConnection connection = await ConnectAsync(Options, cancellationToken);
            RespReply reply = await connection.SendAsync(new RespCommand("PING"), cancellationToken);
            return !reply.TryGetError(out RespError error) ? ServerAnswer.Ready
                : error.Code == "LOADING" ? ServerAnswer.Loading : ServerAnswer.Foreign;
        }
        catch (CacheLoadingException)
        {
            return ServerAnswer.Loading;
        }
        catch (CacheUnreachableException)
        {
            return ServerAnswer.Nothing;
        }
        catch (Exception e) when (e is CacheAccessDeniedException or CacheProtocolException)
        {
            return ServerAnswer.Foreign;
        }
    }

    /// <summary>Tells the server to end, with its data saved or not. Returns when it has closed the connection.</summary>
    /// <exception cref="CacheUnreachableException">Nobody listens.</exception>
    /// <exception cref="CacheProtocolException">It does not end: most often it cannot save, and keeps its data in memory instead.</exception>
    public async Task ShutDownAsync(bool save, CancellationToken cancellationToken)
    {
        await using RespConnection connection = await ConnectAsync(Patient, cancellationToken);
        var command = new RespCommand(save ? "SHUTDOWN SAVE" : "SHUTDOWN NOSAVE");
        RespReply reply;
        try
        {
            reply = await connection.SendAsync(command, cancellationToken);
        }
        catch (CacheUnreachableException)
        {
            // Closed without a word: that is how a server obeys.
            return;
        }

        throw connection.Refusal(command.Name, reply);
    }

    private Task<RespConnection> ConnectAsync(RespConnectionOptions options, CancellationToken cancellationToken) =>
        RespConnection.ConnectAsync(address, new LocalCredentials(), options, time, cancellationToken);
}
