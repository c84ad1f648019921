using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jifu.Ledger.Channels.Sandbox;

// What goes over the wire of the sandbox channel, in both directions. Amounts are integers of minor units;
// what may be absent has a default, and is not written when it is null.

internal sealed record SandboxPayRequest(
    string PaymentId, string Merchant, long Amount, string Currency, string Product, string Description,
    string? PayerId = null, string? PayerCode = null);

internal sealed record SandboxRefundRequest(
    string PaymentId, string RefundNo, long Amount, long PaymentAmount, string Currency, string Reason);

internal sealed record SandboxPayoutRequest(string Reference, string Account, long Amount, string Currency);

/// <summary>A notice's body.</summary>
internal sealed record SandboxNotice(string NoticeId, string PaymentId, SandboxResult Result, string? RefundNo = null);

internal sealed record SandboxFunds(long Amount, string Currency, string BankReference);

/// <summary>The headers of a notice.</summary>
internal static class SandboxHeaders
{
    public const string Timestamp = "Sandbox-Timestamp";
    public const string Nonce = "Sandbox-Nonce";
    public const string Signature = "Sandbox-Signature";
}

/// <summary>The one way in which the sandbox channel's messages are written and read: strictly.</summary>
internal static class SandboxJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Options);

    /// <summary>Null when the bytes are anything else than such a message.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> bytes) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
