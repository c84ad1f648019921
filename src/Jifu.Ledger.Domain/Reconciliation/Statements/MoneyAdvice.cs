namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>What to do about money that the bank should have and does not show. Advice: nothing happens by it, and it
/// ends by itself when the bank's line arrives.</summary>
/// <param name="Code">The reason's stable name.</param>
/// <param name="Reason">The same for finance, in Chinese.</param>
public sealed record MoneyAdvice(string Code, string Reason)
{
    // Over a weekend, or a holiday of one day beside it.
    private const int PatienceDays = 3;

    /// <param name="id">What is expected: see <see cref="ExpectedMoney.Id"/>.</param>
    /// <param name="ageDays">Days since the first on which the bank may have had it.</param>
    public static MoneyAdvice For(string id, int ageDays)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id[..id.IndexOf(':', StringComparison.Ordinal)] switch
        {
            _ when ageDays <= PatienceDays => new("bank_may_follow", "银行可能尚未入账，等待后续对账单"),
            "withdrawal" => new(
                "withdrawal_not_arrived", "资金账单已提现而银行多日无对应流水：核对收款账户，凭单号向渠道查询出款结果"),
            "funds" => new("funds_not_arrived", "渠道应付而银行多日无对应流水：向渠道查询结算结果"),
            _ => new("payout_not_at_bank", "已代付而银行多日无对应流水：向银行查证"),
        };
    }
}
