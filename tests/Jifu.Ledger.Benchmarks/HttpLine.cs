using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Jifu.Ledger.Benchmarks;

/// <summary>One kept connection to a web server, for one request after the other.</summary>
/// <remarks>Callers share the processors with the server. A client for all purposes takes more of them than an empty
/// endpoint does, and would make anything look fast beside it.</remarks>
internal sealed class HttpLine : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[64 * 1024];
    private int _length;

    public static async Task<HttpLine> To(int port)
    {
        var line = new HttpLine();
        await line._socket.ConnectAsync(IPAddress.Loopback, port);
        return line;
    }

    /// <summary>What came back last, as it came.</summary>
    public string Answer => Encoding.UTF8.GetString(_answer, 0, _length);

    /// <summary>Sends a request and reads the whole answer to it.</summary>
    /// <returns>Its status.</returns>
    public async Task<int> Send(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        _length = 0;
        while (!IsWhole(_answer.AsSpan(0, _length)))
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(_length));
            if (read == 0)
                throw new InvalidOperationException($"The server hung up after: {Answer}");
            _length += read;
        }

        return int.Parse(_answer.AsSpan("HTTP/1.1 ".Length, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();

    // Its end is told by its length, or by an empty chunk.
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var body = answer[(end + 4)..];
        var length = answer[..end].IndexOf("\r\nContent-Length: "u8);
        if (length < 0)
            return answer[..end].IndexOf("\r\nTransfer-Encoding: chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
        var digits = answer[(length + "\r\nContent-Length: ".Length)..];
        return body.Length >= int.Parse(
            digits[..digits.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
