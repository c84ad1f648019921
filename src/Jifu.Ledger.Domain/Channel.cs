namespace Jifu.Ledger;

/// <summary>A payment channel (支付渠道): who moves the payer's money to us.</summary>
public enum Channel
{
    None = 0,
    Sandbox = 1,
    WeChatPay = 2,
    Alipay = 3,
    UnionPay = 4,
}

/// <summary>The names of channels in the API, in files and in accounts: <c>sandbox</c>, <c>wechatpay</c>,
/// <c>alipay</c>, <c>unionpay</c>.</summary>
public static class ChannelNames
{
    private static readonly string[] Names =
        [.. Enum.GetValues<Channel>().Select(channel => channel.ToString().ToLowerInvariant())];

    public static string Name(this Channel channel) =>
        (uint)channel < (uint)Names.Length ? Names[(int)channel] : channel.ToString().ToLowerInvariant();

    /// <summary>Reads a name back, exactly as <see cref="Name"/> writes it.</summary>
    public static bool TryParse(string? text, out Channel channel)
    {
        channel = Enum.GetValues<Channel>().FirstOrDefault(known => known != Channel.None && known.Name() == text);
        return channel != Channel.None;
    }

    /// <summary>The channel of a name that we wrote ourselves.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public static Channel Parse(string text) => TryParse(text, out var channel)
        ? channel
        : throw new InvalidDataException($"{text} is no channel.");
}
