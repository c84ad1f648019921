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
            "funds" => new(
                "funds_not_arrived",
                "渠道应付而银行多日无对应流水：向渠道查询结算结果；分笔到账的合并确认（money confirm --with），到账不足的说明差额（money explain）"),
            "rest" => new(
                "rest_not_arrived",
                "到账与现行账单不符，差额多日未到：向渠道查询；不再补付的取消原勾对后连同差额说明（money unmatch、money explain）"),
            _ => new("payout_not_at_bank", "已代付而银行多日无对应流水：向银行查证"),
        };
    }

    /// <summary>About a line of the bank that is nothing that we know.</summary>
    /// <param name="amountMinor">Positive comes in.</param>
    /// <param name="ageDays">Days since the bank's.</param>
    /// <param name="isProposed">It may be something that we know, by its amount.</param>
    /// <param name="isExplained">Somebody has said what it is, and nobody has approved it yet.</param>
    public static MoneyAdvice ForLine(
        long amountMinor, int ageDays, bool isProposed, bool isExplained = false) => amountMinor switch
    {
        _ when isExplained => new(
            "explanation_awaits_approval", "已有人提出说明：由提出者以外的人批准（money approve）或驳回（money reject）"),
        _ when isProposed => new("line_may_be_ours", "金额与应收应付或已代付的款项相同：核对后由导入者以外的人确认（money confirm）"),
        _ when ageDays <= PatienceDays => new(
            "books_may_follow", "账单或代付结果可能尚未到齐，到齐后自动勾对；手续费、利息、内部划转和短款到账由一人说明（money explain）、另一人批准"),
        > 0 => new(
            "came_unknown",
            "来款多日无对应记录：查明来源；属渠道结算或代付退汇的核对后确认（money confirm），属利息、内部划转或一时查不明的说明科目（money explain）"),
        _ => new(
            "went_unknown",
            "出款多日无对应记录：向银行查明；属代付的核对后确认（money confirm），属手续费、内部划转或一时查不明的说明科目（money explain）"),
    };
}
