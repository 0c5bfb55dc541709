using CacheBackup.Core.Resp;

namespace CacheBackup.Caches;

/// <summary>Time-outs and buffers of one connection.</summary>
public sealed record RespConnectionOptions
{
    public static RespConnectionOptions Default { get; } = new();

    /// <summary>For name look-up, TCP, TLS and AUTH together. Ten seconds outlast a lost SYN and its two repetitions.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest wait without one byte moving, while a reply is awaited or a write is pending. It is no limit on a reply that keeps coming.
    /// A server forks, and expands large values, without answering anybody: the default is a minute, as long as the server's own patience.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Which addresses a host name may lead to; anywhere by default.</summary>
    public AddressRule Addresses { get; init; } = AddressRule.Any;

    /// <summary>What a reply that is read whole may cost; a streamed bulk has no limit.</summary>
    public RespLimits Limits { get; init; } = RespLimits.Default;

    /// <summary>Bytes asked of the socket at a time, and the size of each buffer; unread bytes stay in the kernel.</summary>
    public int ReceiveBufferBytes { get; init; } = 128 * 1024;

    /// <summary>The size of each output buffer.</summary>
    public int SendBufferBytes { get; init; } = 64 * 1024;
}
