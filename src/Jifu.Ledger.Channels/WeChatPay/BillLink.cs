using System.Security.Cryptography;
using System.Text.Json;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.Bills.Containers;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>What WeChat Pay answers when it is asked for a bill: where it lies, packed, and what its plain bytes hash
/// to.</summary>
internal sealed record BillLink(string HashType, string HashValue, string DownloadUrl)
{
    private const string Sha1 = "SHA1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Path and query of the address: what is signed and asked for. The host is always the channel's own,
    /// whatever an answer says. Null when it is no address.</summary>
    public string? Path => Uri.TryCreate(DownloadUrl, UriKind.Absolute, out var url) ? url.PathAndQuery : null;

    public static BillLink To(ReadOnlySpan<byte> plain, string url) => new(Sha1, HashOf(plain), url);

    /// <summary>Null when the bytes are no such answer.</summary>
    public static BillLink? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<BillLink>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>The bill in what was downloaded, once all of it was read and hashes to what the channel said.</summary>
    /// <exception cref="BillRejectedException">It does not, or cannot be unpacked.</exception>
    public ChannelBillFile Unpacked(string fileName, byte[] downloaded)
    {
        using var packed = new MemoryStream(downloaded, writable: false);
        using var plain = new MemoryStream();
        foreach (var document in Container.Documents(packed, fileName, BillLimits.Usual))
            document.Content.CopyTo(plain);
        var hash = HashType == Sha1 ? HashOf(plain.GetBuffer().AsSpan(0, (int)plain.Length)) : "of no known kind";
        return hash.Equals(HashValue, StringComparison.OrdinalIgnoreCase)
            ? new(fileName, plain.ToArray())
            : throw new BillRejectedException(
                BillRejection.BillHashDiffers, fileName, 1, 1,
                $"a file whose {HashType} is {HashValue}, as the channel said, not {hash}");
    }

#pragma warning disable CA5350 // The channel hashes so. It shows damage; against people there is the connection.
    private static string HashOf(ReadOnlySpan<byte> plain) => Convert.ToHexStringLower(SHA1.HashData(plain));
#pragma warning restore CA5350
}
