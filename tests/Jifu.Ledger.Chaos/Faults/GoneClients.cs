using System.Net.Sockets;
using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>Clients that vanish: in the middle of their request, before the answer, in the middle of it.</summary>
internal static class GoneClients
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var random = new Random(options.Seed);

        // The house may have stood through other faults, of which the server has said enough.
        var saidBefore = File.ReadLines(house.Server.Process.Log).Count();
        house.Street.Open(clients: 2);
        for (var round = 0; round < options.Rounds; round++)
        {
            var request = house.Street.Next().OnTheWire();
            switch (round % 4)
            {
                case 0: await Vanish(house, request.AsMemory(0, random.Next(1, request.Length)), 0, 0); break;
                case 1: await Vanish(house, request, random.Next(0, 30), 0); break;
                case 2: await Vanish(house, request, 0, random.Next(1, 200)); break;
                default: await Vanish(house, AllPayments(house), 0, random.Next(1, 20_000)); break;
            }
        }

        await house.Street.Close();
        verdict.Told(Invariant($"{options.Rounds} clients vanished, {house.Street.Purchases.Count} orders sent"));
        verdict.Holds("the server lives", !house.Server.Process.HasExited);
        var said = File.ReadLines(house.Server.Process.Log).Skip(saidBefore)
            .Where(line => line.Contains("broke, trace_id", StringComparison.Ordinal)
                || line.Contains("Unhandled", StringComparison.OrdinalIgnoreCase)).ToList();
        verdict.Holds("nothing broke over it", said.Count == 0, string.Join(" | ", said.Take(2)));
        await house.Books.Check(verdict);
    }

    private static byte[] AllPayments(House house) => Sender.OnTheWire(
        house.Street.Merchants[0].Signer, "GET", "/v1/payments?limit=100");

    // Reads so many bytes of the answer, or waits so long, and is gone without a word.
    private static async Task Vanish(House house, ReadOnlyMemory<byte> sent, int milliseconds, int read)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            LingerState = new(true, 0), ReceiveBufferSize = 2048,
        };
        await socket.ConnectAsync(house.Server.Url.Host, house.Server.Url.Port);
        await socket.SendAsync(sent);
        await Task.Delay(milliseconds);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[512];
        for (var left = read; left > 0;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), patience.Token);
            if (count == 0)
                return;
            left -= count;
            if (left > 0 && socket.Available == 0)
                await Task.Delay(20);
            if (socket.Available == 0)
                return;
        }
    }
}
