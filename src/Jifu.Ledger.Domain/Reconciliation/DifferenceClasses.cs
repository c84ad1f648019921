namespace Jifu.Ledger.Reconciliation;

/// <summary>The classes of differences, by the names under which they are stored.</summary>
public static class DifferenceClasses
{
    /// <summary>What a channel says that it corrected (差错), without the amount that it moves.</summary>
    public const string Correction = "correction";

    /// <summary>What a channel gives to somebody else itself (渠道分账).</summary>
    public const string SplitAtChannel = "split_at_channel";

    /// <summary>Of a trade bill against our books: what a <see cref="Discrepancy"/> can be.</summary>
    public static readonly ValueList<string> OfTrade =
    [
        "only_at_channel", "only_with_us", "amount_differs", "fee_differs", "status_differs", "duplicate", "cut_off",
        "wrong_day", "wrong_merchant", Correction, SplitAtChannel,
    ];

    /// <summary>Of a fund flow against the trade bill.</summary>
    public static readonly ValueList<string> OfMoney = ["funds_missing", "funds_differ", "funds_unexplained"];
}
