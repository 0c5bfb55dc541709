using System.Net.Sockets;

namespace CacheBackup.Caches;

/// <summary>
/// Lets the kernel gather what arrives before it wakes us. A server sends a data set in pieces of some KiB, and to be woken for each of them costs
/// several times as much processor time as to take them. Where little comes, and at the end, a timer asks for whatever there is: nothing lies
/// unread for longer than <see cref="Patience"/>. Linux only (<c>SO_RCVLOWAT</c>, socket(7)); elsewhere it does nothing.
/// </summary>
/// <remarks>The kernel's clock is the machine's, whatever clock the connection has.</remarks>
internal sealed class ReceiveGathering : IDisposable
{
    /// <summary>Bytes after which the kernel wakes us.</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>So many receives in a row are a stream that is worth it: a small data set comes without any delay.</summary>
    public const int ReceivesOfAStream = 16;

    /// <summary>The longest that fewer bytes lie unread.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private const int SocketLevel = 1;
    private const int ReceiveLowWater = 18;

    private static readonly TimeSpan Period = Patience / 2;

    private readonly Socket _socket;
    private readonly ITimer _timer;
    private readonly Lock _setting = new();
    private long _waitingSince;
    private int _receives;
    private volatile bool _isGathering;

    private ReceiveGathering(Socket socket)
    {
        _socket = socket;
        _timer = TimeProvider.System.CreateTimer(static state => ((ReceiveGathering)state!).Check(), this, Period, Period);
    }

    /// <summary>Whether the kernel is asked to gather now.</summary>
    public bool IsGathering => _isGathering;

    public static ReceiveGathering? Begin(Socket? socket) => OperatingSystem.IsLinux() && socket is not null ? new ReceiveGathering(socket) : null;

    public void BeginWait() => Volatile.Write(ref _waitingSince, Math.Max(TimeProvider.System.GetTimestamp(), 1));

    public void EndWait()
    {
        Volatile.Write(ref _waitingSince, 0);
        if (!IsGathering && Interlocked.Increment(ref _receives) >= ReceivesOfAStream)
        {
            Gather(true);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        long since = Volatile.Read(ref _waitingSince);
        if (since != 0 && IsGathering && TimeProvider.System.GetElapsedTime(since) >= Period)
        {
            Gather(false);
        }
    }

    private void Gather(bool isGathering)
    {
        lock (_setting)
        {
            (_isGathering, _receives) = (isGathering, 0);
            try
            {
                // Where that is reached already, the kernel wakes us at once.
                _socket.SetRawSocketOption(SocketLevel, ReceiveLowWater, BitConverter.GetBytes(isGathering ? Bytes : 1));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed meanwhile, or not a socket that can: then it wakes us for each piece.
            }
        }
    }
}
