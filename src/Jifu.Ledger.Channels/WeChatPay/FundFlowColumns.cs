using System.Collections.Frozen;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>A column of a fund flow bill.</summary>
internal enum FundFlowColumn
{
    BookedAt, BusinessNumber, FlowNumber, BusinessName, BusinessType, Direction, Amount, Balance, RequestedBy, Note,
    Voucher,
}

/// <summary>A sum in the last line of a fund flow bill.</summary>
internal enum FundFlowTotal
{
    Rows, RowsIn, AmountIn, RowsOut, AmountOut,
}

/// <summary>The headings of WeChat Pay's fund flow bill (资金账单), as the file writes them.</summary>
internal static class FundFlowColumns
{
    /// <summary>In the order in which the channel writes them.</summary>
    public static readonly string[] All =
    [
        "记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)",
        "资金变更提交申请人", "备注", "业务凭证号",
    ];

    public static readonly FrozenDictionary<string, FundFlowColumn> Known = Numbered<FundFlowColumn>(All);

    /// <summary>How the headings of the totals begin.</summary>
    public const string Totals = "资金流水总笔数";

    public static readonly string[] AllTotals = [Totals, "收入笔数", "收入金额", "支出笔数", "支出金额"];

    public static readonly FrozenDictionary<string, FundFlowTotal> KnownTotals = Numbered<FundFlowTotal>(AllTotals);

    private static FrozenDictionary<string, THeading> Numbered<THeading>(params string[] names)
        where THeading : struct, Enum =>
        names.Zip(Enum.GetValues<THeading>()).ToFrozenDictionary(pair => pair.First, pair => pair.Second);
}
