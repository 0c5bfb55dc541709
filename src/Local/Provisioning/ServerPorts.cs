using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// Ports of new servers: 20,000–29,999, below those that systems lend to outgoing connections, so that a server that was stopped finds its
/// own free again.
/// </summary>
internal static class ServerPorts
{
    private const int First = 20_000;
    private const int Count = 10_000;

    /// <summary>A port on 127.0.0.1 that is free now and that no known server, stopped or not, has.</summary>
    /// <exception cref="ProvisioningException">There is none.</exception>
    public static int FindFree(IReadOnlySet<int> taken)
    {
        int start = RandomNumberGenerator.GetInt32(Count);
        for (int i = 0; i < Count; i++)
        {
            int port = First + ((start + i) % Count);
            if (!taken.Contains(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new ProvisioningException($"No port of 127.0.0.1 from {First} to {First + Count - 1} is free. Remove caches that are not needed.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
