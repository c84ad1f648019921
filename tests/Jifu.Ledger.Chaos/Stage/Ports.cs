using System.Net;
using System.Net.Sockets;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>Ports on loopback that nobody uses.</summary>
internal static class Ports
{
    /// <summary>Below those that the system hands out to clients, so that it is still free when a killed program
    /// starts again.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = System.Security.Cryptography.RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; another then.
            }
        }
    }
}
