namespace Jifu.Ledger.Operations.Finance;

/// <summary>What codes of the ledger are called in files for Chinese accountants. A code without a name stands for
/// itself.</summary>
public static class Terms
{
    /// <param name="account">An account as the journal names it: <c>merchant_pending:m1</c>.</param>
    public static string Account(string account) => account.Split(':')[0] switch
    {
        "channel_receivable" => "应收渠道款",
        "bank" => "银行存款",
        "t0_advance" => "T+0垫资",
        "merchant_pending" => "商户待清分",
        "merchant_available" => "商户可用",
        "merchant_frozen" => "商户冻结",
        "split_receiver" => "分账接收方",
        "payout_in_transit" => "在途代付",
        "fee_income" => "手续费收入",
        "channel_cost" => "渠道成本",
        "suspense" => "暂记",
        "difference_held" => "待查差异",
        "payer_refund" => "应退付款人",
        "difference_result" => "长短款损益",
        "bank_fee" => "银行手续费",
        "bank_interest" => "利息收入",
        "own_transfer" => "内部划转",
        "bank_suspense" => "银行待查款",
        var code => code,
    };

    public static string Rule(string rule) => rule switch
    {
        "payment_succeeded" => "支付成功",
        "split_made" => "分账",
        "payment_cancelled" => "撤销",
        "refund_held" => "退款冻结",
        "refund_succeeded" => "退款成功",
        "refund_released" => "退款解冻",
        "merchant_cleared" => "清分",
        "funds_transferred" => "转账",
        "payout_sent" => "代付发出",
        "payout_confirmed" => "代付成功",
        "payout_failed" => "代付失败",
        "payout_returned" => "代付退汇",
        "difference_suspended" => "差异暂记",
        "difference_closed" => "差异处理",
        "difference_met" => "差异自动冲销",
        "difference_matched" => "差异规则匹配",
        "difference_reopened" => "差异冲回处理",
        "difference_undone" => "差异随账单撤销",
        "difference_taken_back" => "差异冲回",
        "withdrawal_received" => "提现到账",
        "withdrawal_taken_back" => "冲回提现到账",
        "rest_received" => "渠道差额到账",
        "late_rest_received" => "渠道差额补到账",
        "rest_taken_back" => "冲回差额到账",
        "late_rest_taken_back" => "补冲回差额到账",
        "line_explained" => "银行流水说明",
        "explanation_taken_back" => "冲回流水说明",
        "late_funds_received" => "渠道补到账",
        "funds_received" => "渠道到账",
        "late_funds_taken_back" => "补冲回到账",
        "funds_taken_back" => "冲回到账",
        _ => rule,
    };

    /// <param name="step">What was done about a difference.</param>
    public static string Step(string step) => step switch
    {
        "closed" => "处理",
        "met" => "自动冲销",
        "matched" => "规则匹配",
        "reopened" => "冲回处理",
        "undone" => "随账单撤销",
        _ => step,
    };

    /// <param name="kind">A kind of order bill line.</param>
    public static string Order(string kind) => kind switch
    {
        "payment" => "支付",
        "refund" => "退款",
        "cancel" => "撤销",
        "split" => "分账",
        _ => kind,
    };

    /// <param name="name">A class of difference.</param>
    public static string Difference(string name) => name switch
    {
        "only_at_channel" => "长款",
        "only_with_us" => "短款",
        "amount_differs" => "金额不符",
        "fee_differs" => "手续费不符",
        "status_differs" => "状态不符",
        "duplicate" => "重复",
        "cut_off" => "跨日",
        "wrong_day" => "日期不符",
        "wrong_merchant" => "商户不符",
        "correction" => "差错",
        "split_at_channel" => "渠道分账",
        "funds_missing" => "资金缺失",
        "funds_differ" => "资金不符",
        "funds_unexplained" => "资金不明",
        _ => name,
    };
}
