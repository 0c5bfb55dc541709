using System.Globalization;
using System.Net.Sockets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>The one place where failures of a connection become our exceptions; what they are called depends on whether a transfer runs on it.</summary>
internal static class ConnectionFailure
{
    /// <summary>The socket or TLS stream under us failed.</summary>
    public static bool IsLoss(Exception e) => e is IOException or SocketException or ObjectDisposedException;

    public static Exception Lost(CacheEndpoint endpoint, bool isTransfer, Exception cause) => isTransfer
        ? new TransferCutException($"The transfer from {endpoint} was cut: {Reason(cause)}.", cause)
        : new CacheUnreachableException($"The connection to {endpoint} was lost: {Reason(cause)}.", cause);

    public static Exception Ended(CacheEndpoint endpoint, bool isTransfer) => isTransfer
        ? new TransferCutException($"{endpoint} ended the transfer before its end mark. Its log says why (memory, disk, repl-timeout, a restart).")
        : new CacheUnreachableException($"{endpoint} closed the connection instead of answering. Check that it is a cache's port, and whether it wants TLS.");

    public static Exception Stalled(CacheEndpoint endpoint, TimeSpan limit, bool isTransfer) => isTransfer
        ? new TransferStalledException($"{endpoint} sent nothing for {Seconds(limit)} during the transfer.")
        : new CacheUnreachableException($"{endpoint} sent nothing for {Seconds(limit)} while a reply was due.");

    public static Exception TakesNothing(CacheEndpoint endpoint, TimeSpan limit) =>
        new CacheUnreachableException($"{endpoint} took none of what was sent for {Seconds(limit)}.");

    public static Exception NotConnected(CacheEndpoint endpoint, Exception cause) =>
        new CacheUnreachableException($"No connection to {endpoint}: {Reason(cause)}. Check host, port, security group and that the cache runs.", cause);

    public static Exception ConnectTimedOut(CacheEndpoint endpoint, TimeSpan limit, Exception cause) =>
        new CacheUnreachableException($"No connection to {endpoint} within {Seconds(limit)}. Check host, port, security group and whether TLS is meant.", cause);

    private static string Reason(Exception cause) =>
        (cause as SocketException ?? cause.InnerException as SocketException) is { } socket ? socket.SocketErrorCode.ToString() : cause.GetType().Name;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
