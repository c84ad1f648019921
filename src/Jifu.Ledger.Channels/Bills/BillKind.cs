namespace Jifu.Ledger.Channels.Bills;

/// <summary>What sort of bill a document is.</summary>
public enum BillKind
{
    None = 0,

    /// <summary>交易账单, 业务明细, ZM: payments and refunds, one by one.</summary>
    Trade = 1,

    /// <summary>业务明细(汇总): sums of them by store.</summary>
    TradeSummary = 2,

    /// <summary>资金账单, 账务明细: the movements of an account.</summary>
    FundFlow = 3,

    /// <summary>ZME: corrections (差错) of UnionPay.</summary>
    Errors = 4,

    /// <summary>账务明细(汇总): sums of an account's movements by type.</summary>
    FundFlowSummary = 5,

    /// <summary>PED, PEDERR, RNM: periodic files and those of settlement, which UnionPay packs with ZM. Nobody has told
    /// us their fields, so nothing of them is read.</summary>
    Unread = 6,
}
