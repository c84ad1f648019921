using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Server.Tests.Notices;

/// <summary>Speaks with the secret that the sandbox channel and the server share: asks the channel as the server does,
/// and tells the server what the channel never said.</summary>
internal sealed class ChannelVoice(RunningServer server)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(
        File.ReadAllBytes(Path.Combine(server.Home, "master.key")), "sandbox channel"u8)));

    /// <summary>How far from now the notices' time stamps lie.</summary>
    public TimeSpan Ago { get; init; }

    /// <summary>Tells the server what became of a payment.</summary>
    /// <param name="result">A JSON object, as the channel writes it.</param>
    public Task<Answer> Tell(string paymentId, string result, string? refundNo = null)
    {
        var refund = refundNo is null ? "" : $",\"refund_no\":\"{refundNo}\"";
        return Send($$"""{"notice_id":"n1","payment_id":"{{paymentId}}","result":{{result}}{{refund}}}""");
    }

    /// <summary>What the channel says of a payment that was paid.</summary>
    public static string Paid(long amount, string reference, string currency = "CNY") =>
        $$"""{"state":"paid","reference":"{{reference}}","amount":{{amount}},"currency":"{{currency}}","""
        + "\"at\":\"2026-11-21T12:00:00+08:00\"}";

    /// <summary>Sends a notice; signed wrongly when the signature is of another body.</summary>
    public Task<Answer> Send(string body, string? signed = null)
    {
        var (timestamp, nonce) = (Timestamp(), RandomNumberGenerator.GetHexString(32));
        return server.Send(
            null, "POST", "/channels/sandbox/notices", body, ("Sandbox-Timestamp", timestamp),
            ("Sandbox-Nonce", nonce), ("Sandbox-Signature", Sign($"{timestamp}\n{nonce}\n{signed ?? body}\n")));
    }

    /// <summary>Asks the channel something.</summary>
    public Task<Answer> Ask(string target)
    {
        var (timestamp, nonce) = (Timestamp(), RandomNumberGenerator.GetHexString(32));
        var signature = Sign($"GET\n{target}\n{timestamp}\n{nonce}\n\n");
        return server.Send(null, "GET", target, null, (
            "Authorization",
            $"SANDBOX-HMAC-SHA256 ts=\"{timestamp}\",nonce=\"{nonce}\",signature=\"{signature}\""));
    }

    private string Timestamp() => (TimeProvider.System.GetUtcNow() - Ago).ToUnixTimeSeconds()
        .ToString(CultureInfo.InvariantCulture);

    private string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(text)));
}
