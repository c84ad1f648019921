using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>What classes of differences are called on reports, in Chinese and English.</summary>
internal static class ReportTerms
{
    // New ones come last: nobody has to learn the others' colours again.
    private static readonly string[] Classes =
    [
        .. DifferenceClasses.OfTrade.Where(name => name != DifferenceClasses.SplitAtChannel),
        .. DifferenceClasses.OfMoney, DifferenceClasses.SplitAtChannel,
    ];

    /// <summary>Which of the page's colours a class has, from 1; the same on every chart.</summary>
    public static int Colour(string name) => Array.IndexOf(Classes, name) + 1;

    public static string English(string name) => name switch
    {
        "only_at_channel" => "only at channel",
        "only_with_us" => "only with us",
        "amount_differs" => "amount",
        "fee_differs" => "fee",
        "status_differs" => "status",
        "duplicate" => "duplicate",
        "cut_off" => "cut-off",
        "wrong_day" => "wrong day",
        "wrong_merchant" => "wrong merchant",
        "correction" => "correction",
        "split_at_channel" => "split at channel",
        "funds_missing" => "funds missing",
        "funds_differ" => "funds differ",
        "funds_unexplained" => "funds unexplained",
        _ => name,
    };

    public static string Both(string name) => $"{Terms.Difference(name)} {English(name)}";

    public static string Channel(string name) => name switch
    {
        "wechatpay" => "微信支付",
        "alipay" => "支付宝",
        "unionpay" => "银联",
        "sandbox" => "沙箱",
        _ => name,
    };
}
