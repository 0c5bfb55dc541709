using System.Net;
using System.Net.Sockets;
using CacheBackup.Core.Model;

namespace CacheBackup.Caches;

/// <summary>
/// Which addresses a cache's host may have. It is asked about the addresses that the name led to, right before they are connected to.
/// </summary>
public sealed class AddressRule
{
    private readonly bool _refusesLocal;

    private readonly IPAddress? _except;

    private AddressRule(bool refusesLocal, IPAddress? except = null) => (_refusesLocal, _except) = (refusesLocal, except);

    /// <summary>On one machine a cache may be anywhere, next door included.</summary>
    public static AddressRule Any { get; } = new(refusesLocal: false);

    /// <summary>
    /// In AWS: no loopback, no link-local address, none of the platform's own. Behind them are the function's own runtime and the
    /// services that hand out credentials, and never a cache.
    /// </summary>
    public static AddressRule NothingLocal { get; } = new(refusesLocal: true);

    /// <summary>As in AWS, with one address of this machine that a cache is at.</summary>
    internal static AddressRule NothingLocalBut(IPAddress except) => new(refusesLocal: true, except);

    public bool Allows(IPAddress address) => !_refusesLocal || address.Equals(_except) || !IsLocal(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <exception cref="InvalidRequestException">One of the addresses is not allowed: a name with such a one is not to be trusted.</exception>
    internal void Check(CacheEndpoint endpoint, IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.FirstOrDefault(address => !Allows(address)) is { } refused)
        {
            throw new InvalidRequestException(
                $"{endpoint} leads to {refused}, which is a local address of this function: no cache is there. Correct the cache's host, or what the "
                + "nodes of a cluster announce (cluster-announce-ip, cluster-announce-hostname).");
        }
    }

    private static bool IsLocal(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.Equals(IPAddress.IPv6Any))
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 0 || (bytes[0] == 169 && bytes[1] == 254)
            : bytes is [0xfd, 0x00, 0x0e, 0xc2, ..];
    }
}
