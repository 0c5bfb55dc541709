using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>The one place where failures of a connection become our exceptions; what they are called depends on its phase.</summary>
internal static class ConnectionFailure
{
    private const string WrongPortHint = "Check that it is a cache's port, and whether it wants TLS, or with TLS a client certificate that it trusts.";

    /// <summary>The socket or TLS stream under us failed.</summary>
    public static bool IsLoss(Exception e) => e is IOException or SocketException or ObjectDisposedException or AuthenticationException;

    public static Exception Lost(CacheEndpoint endpoint, ConnectionPhase phase, Exception cause) => phase switch
    {
        ConnectionPhase.Transferring => new TransferCutException($"The transfer from {endpoint} was cut: {Reason(cause)}.", cause),
        ConnectionPhase.Unanswered when IsTlsAlert(cause) =>
            new CacheTlsException($"{endpoint} ended TLS right after the handshake. Check whether it asks for a client certificate, and trusts the one that it is shown.", cause),
        ConnectionPhase.Unanswered =>
            new CacheUnreachableException($"The connection to {endpoint} was lost before it answered anything: {Reason(cause)}. {WrongPortHint}", cause),
        _ => new CacheUnreachableException($"The connection to {endpoint} was lost: {Reason(cause)}.", cause),
    };

    public static Exception Ended(CacheEndpoint endpoint, ConnectionPhase phase) => phase switch
    {
        ConnectionPhase.Transferring =>
            new TransferCutException($"{endpoint} ended the transfer before its end mark. Its log says why (memory, disk, repl-timeout, a restart)."),
        ConnectionPhase.Unanswered => new CacheUnreachableException($"{endpoint} closed the connection without an answer. {WrongPortHint}"),
        _ => new CacheUnreachableException($"{endpoint} closed the connection while a reply was due. Its log says why."),
    };

    public static Exception Stalled(CacheEndpoint endpoint, ConnectionPhase phase, TimeSpan limit) => phase switch
    {
        ConnectionPhase.Transferring => new TransferStalledException($"{endpoint} sent nothing for {Seconds(limit)} during the transfer."),
        ConnectionPhase.Unanswered => new CacheUnreachableException($"{endpoint} sent nothing for {Seconds(limit)}. {WrongPortHint}"),
        _ => new CacheUnreachableException($"{endpoint} sent nothing for {Seconds(limit)} while a reply was due."),
    };

    public static Exception TakesNothing(CacheEndpoint endpoint, TimeSpan limit) =>
        new CacheUnreachableException($"{endpoint} took none of what was sent for {Seconds(limit)}.");

    public static Exception NotConnected(CacheEndpoint endpoint, Exception cause) =>
        new CacheUnreachableException($"No connection to {endpoint}: {Reason(cause)}. Check host, port, security group and that the cache runs.", cause);

    public static Exception ConnectTimedOut(CacheEndpoint endpoint, TimeSpan limit, bool isTls, Exception cause)
    {
        string hint = isTls ? " A port that does not speak TLS also stays silent: check that." : string.Empty;
        return new CacheUnreachableException(
            $"No connection to {endpoint} within {Seconds(limit)}. Check host, port, security group and that the cache runs.{hint}", cause);
    }

    private static bool IsTlsAlert(Exception cause) => cause is AuthenticationException || cause.InnerException is AuthenticationException
        || (cause is IOException && cause.InnerException is not (null or SocketException));

    private static string Reason(Exception cause) =>
        (cause as SocketException ?? cause.InnerException as SocketException) is { } socket ? socket.SocketErrorCode.ToString() : cause.GetType().Name;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
