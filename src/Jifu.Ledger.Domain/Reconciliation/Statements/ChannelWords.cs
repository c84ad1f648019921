namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>The words by which a bank's lines name a channel as the other side (对方户名).</summary>
/// <param name="Channel">Its name: <c>wechatpay</c>.</param>
/// <param name="Words">Any of them will do.</param>
public sealed record ChannelWords(string Channel, ValueList<string> Words)
{
    private const int WordMin = 2;

    // What holds for a channel of which an account's mapping says nothing.
    private static readonly ValueList<ChannelWords> Usual =
    [
        new("wechatpay", ["财付通", "微信支付"]), new("alipay", ["支付宝"]), new("unionpay", ["银联"]),
        new("sandbox", ["沙箱"]),
    ];

    /// <summary>Reads <c>alipay=支付宝|网商银行;unionpay=银联商务</c>.</summary>
    /// <returns>Null when it does not read so: unknown channels, one twice, or a word too short to say
    /// anything.</returns>
    public static IReadOnlyList<ChannelWords>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var all = new List<ChannelWords>();
        foreach (var part in text.Split(';'))
        {
            if (part.Split('=') is not [var name, var words] || !ChannelNames.TryParse(name.Trim(), out var channel)
                || all.Exists(one => one.Channel == channel.Name()))
                return null;
            all.Add(new(channel.Name(), words.Split('|', StringSplitOptions.TrimEntries).ToValueList()));
        }

        return all.All(one => one.Words.All(word => word.Length >= WordMin)) ? all : null;
    }

    /// <summary>The channels that a line names. What its note says counts only where no other side is told: payers
    /// write notes, banks write names.</summary>
    /// <param name="own">What finance has saved for the account; a channel's usual words count where it says nothing of
    /// that channel.</param>
    public static IReadOnlyList<string> NamedBy(StatementLine line, string? own)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Counterparty.Length > 0 ? line.Counterparty : line.Note;
        var saved = (own is null ? null : Read(own)) ?? [];
        return
        [
            .. saved.Concat(Usual.Where(usual => saved.All(one => one.Channel != usual.Channel)))
                .Where(one => one.Words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Select(one => one.Channel),
        ];
    }
}
