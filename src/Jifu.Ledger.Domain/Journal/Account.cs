namespace Jifu.Ledger.Journal;

/// <summary>The accounts of the chart (会计科目). What each means and which side it grows on:
/// docs/concepts/chart-of-accounts.md.</summary>
public enum AccountKind
{
    None = 0,

    /// <summary>What a channel owes us (应收渠道款). An asset.</summary>
    ChannelReceivable,

    /// <summary>Our settlement bank account (银行存款). An asset.</summary>
    Bank,

    /// <summary>What we advanced for T+0 before the channel paid (T+0 垫资). An asset.</summary>
    T0Advance,

    /// <summary>A merchant's money that is not cleared yet (商户待清分).
    /// A liability; below zero when the merchant owes us.</summary>
    MerchantPending,

    /// <summary>A merchant's cleared money (商户可用). A liability.</summary>
    MerchantAvailable,

    /// <summary>A merchant's money held for refunds under way (商户冻结). A liability.</summary>
    MerchantFrozen,

    /// <summary>What receivers of splits are owed (分账接收方). A liability.</summary>
    SplitReceiver,

    /// <summary>Payouts sent and not confirmed (在途代付). A liability.</summary>
    PayoutInTransit,

    /// <summary>Fees earned (手续费收入). Income.</summary>
    FeeIncome,

    /// <summary>What channels charge us (渠道成本). An expense.</summary>
    ChannelCost,

    /// <summary>Differences with a channel that nobody has explained yet (暂记).</summary>
    Suspense,

    /// <summary>Differences that somebody looks into until a day (挂账). A liability, below zero when we lack it.
    /// </summary>
    DifferenceHeld,

    /// <summary>What payers get back by way of a channel whose bill has not shown it yet (应退付款人). A
    /// liability.</summary>
    PayerRefund,

    /// <summary>Differences written off (长短款损益): a credit is a gain, a debit a loss. Income.</summary>
    DifferenceResult,

    /// <summary>What the bank charges us (银行手续费). An expense.</summary>
    BankFee,

    /// <summary>What the bank pays us for our money (利息收入). Income.</summary>
    BankInterest,

    /// <summary>Money on its way between two bank accounts of ours (内部划转): nothing is left when both have their
    /// line.</summary>
    OwnTransfer,

    /// <summary>Lines of the bank that nobody can say yet whose they are (银行待查款). A liability, below zero when
    /// money went.</summary>
    BankSuspense,
}

/// <summary>One account: a kind and, where each has its own, whose: a merchant, a channel, a receiver.</summary>
public readonly record struct Account(AccountKind Kind, string Owner = "")
{
    public static Account Receivable(Channel channel) => new(AccountKind.ChannelReceivable, NameOf(channel));
    public static Account Suspense(Channel channel) => new(AccountKind.Suspense, NameOf(channel));
    public static Account DifferenceHeld(Channel channel) => new(AccountKind.DifferenceHeld, NameOf(channel));
    public static Account PayerRefund(Channel channel) => new(AccountKind.PayerRefund, NameOf(channel));
    public static Account DifferenceResult(Channel channel) => new(AccountKind.DifferenceResult, NameOf(channel));
    public static Account Cost(Channel channel) => new(AccountKind.ChannelCost, NameOf(channel));
    public static Account Advance(Channel channel) => new(AccountKind.T0Advance, NameOf(channel));
    public static Account Pending(MerchantId merchant) => new(AccountKind.MerchantPending, merchant.Value);
    public static Account Available(MerchantId merchant) => new(AccountKind.MerchantAvailable, merchant.Value);
    public static Account Frozen(MerchantId merchant) => new(AccountKind.MerchantFrozen, merchant.Value);
    public static Account Receiver(ReceiverId receiver) => new(AccountKind.SplitReceiver, receiver.Value);
    public static Account InTransit(MerchantId merchant) => new(AccountKind.PayoutInTransit, merchant.Value);

    public static readonly Account Bank = new(AccountKind.Bank);
    public static readonly Account FeeIncome = new(AccountKind.FeeIncome);
    public static readonly Account BankFee = new(AccountKind.BankFee);
    public static readonly Account BankInterest = new(AccountKind.BankInterest);
    public static readonly Account OwnTransfer = new(AccountKind.OwnTransfer);
    public static readonly Account BankSuspense = new(AccountKind.BankSuspense);

    /// <summary>Reads <c>merchant_pending:m1</c> back; false when the kind is unknown.</summary>
    public static bool TryParse(string? text, out Account account)
    {
        var parts = (text ?? "").Split(':', 2);
        foreach (var kind in Enum.GetValues<AccountKind>())
        {
            account = new(kind, parts.Length > 1 ? parts[1] : "");
            if (kind != AccountKind.None && SnakeCase.Of($"{kind}") == parts[0])
                return true;
        }

        account = default;
        return false;
    }

    /// <summary>Its name in files, queries and read models: <c>merchant_pending:m1</c>, <c>bank</c>.</summary>
    public override string ToString() =>
        Owner.Length == 0 ? NameOf(Kind) : string.Concat(NameOf(Kind), ":", Owner);

    private static readonly string[] Kinds =
        [.. Enum.GetValues<AccountKind>().Select(kind => SnakeCase.Of($"{kind}"))];

    private static string NameOf(AccountKind kind) =>
        (uint)kind < (uint)Kinds.Length ? Kinds[(int)kind] : SnakeCase.Of($"{kind}");

    private static string NameOf(Channel channel) => channel.Name();
}
