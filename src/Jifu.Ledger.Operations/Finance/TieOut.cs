using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>Holds the files of a day against its journal and its bills, figure by figure.</summary>
internal sealed class TieOut(IReadOnlyList<RuleTotal> journal, IReadOnlyList<AccountDay> accounts)
{
    private static readonly string[] OrderRules = ["payment_succeeded", "refund_succeeded", "payment_cancelled"];
    private static readonly string[] ReturnRules = ["refund_succeeded", "payment_cancelled"];
    private static readonly string[] DifferenceRules = [
        "difference_suspended", "difference_taken_back", "difference_closed", "difference_met", "difference_matched",
        "difference_reopened", "difference_undone",
    ];
    private static readonly string[] FundsRules =
        ["funds_received", "funds_taken_back", "rest_received", "rest_taken_back"];
    private static readonly string[] FundsKinds = ["channel_receivable", "t0_advance"];

    public required Sums Orders { get; init; }
    public required Sums FundFlow { get; init; }
    public required Sums Settlement { get; init; }
    public required DayDifferences Differences { get; init; }
    public required Sums DifferenceSums { get; init; }
    public required Sums OpenSums { get; init; }

    public IReadOnlyList<TieLine> Lines() =>
        [.. Currencies().SelectMany(OfCurrency), .. Differences.Bills.SelectMany(OfBill)];

    private IEnumerable<string> Currencies() => journal.Select(total => total.Currency)
        .Concat(accounts.Select(account => account.Currency))
        .Concat(Orders.Currencies).Concat(FundFlow.Currencies).Concat(Settlement.Currencies)
        .Concat(DifferenceSums.Currencies).Concat(OpenSums.Currencies).Distinct().Order(StringComparer.Ordinal);

    private IEnumerable<TieLine> OfCurrency(string currency)
    {
        var lines = journal.Where(total => total.Currency == currency).ToList();
        TieLine Line(string code, string what, Sums file, string column, long books) =>
            new(code, what, Amount(file.Of(currency, column), currency), Amount(books, currency));

        var cleared = Sum(lines, ["merchant_cleared"], "merchant_available", total => total.CreditMinor);
        yield return Line("payments", "支付金额", Orders, "paid_minor",
            Sum(lines, ["payment_succeeded"], "channel_receivable", total => total.DebitMinor));
        yield return Line("refunds", "退款与撤销金额", Orders, "refunded_minor",
            Sum(lines, ReturnRules, "channel_receivable", total => total.CreditMinor));
        yield return Line("fees", "手续费收入", Orders, "fee_minor",
            -Sum(lines, OrderRules, "fee_income", total => total.NetMinor));
        yield return Line("splits", "分账", Orders, "split_minor",
            -Sum(lines, [.. ReturnRules, "split_made"], "split_receiver", total => total.NetMinor));
        yield return Line("costs", "渠道成本", Orders, "cost_minor",
            Sum(lines, OrderRules, "channel_cost", total => total.NetMinor));
        yield return Line("cleared", "清分应付", Settlement, "payable_minor", cleared);
        yield return Line("ordered", "结算单金额", Settlement, "ordered_minor", cleared);
        yield return Line("differences", "差异暂记", DifferenceSums, "excess_minor",
            -Sum(lines, DifferenceRules, "suspense", total => total.NetMinor));
        yield return Line("differences_open", "未结差异与暂记余额", OpenSums, "left_minor",
            -accounts.Where(account => account.Currency == currency && IsSuspense(account.Account))
                .Sum(account => account.ClosingMinor));
        foreach (var line in OfBalance(currency))
            yield return line;
    }

    private IEnumerable<TieLine> OfBalance(string currency)
    {
        var held = accounts.Where(account => account.Currency == currency).ToList();
        var (debit, credit) = (FundFlow.Of(currency, "debit_minor"), FundFlow.Of(currency, "credit_minor"));
        var zero = Amount(0, currency);
        yield return new("fund_flow", "资金流水借贷相等", Amount(debit, currency), Amount(credit, currency));
        yield return new("turnover", "资金流水与科目发生额", Amount(debit, currency),
            Amount(held.Sum(account => account.DebitMinor), currency));
        yield return new(
            "opening", "期初余额合计为零", Amount(held.Sum(account => account.OpeningMinor), currency), zero);
        yield return new(
            "closing", "期末余额合计为零", Amount(held.Sum(account => account.ClosingMinor), currency), zero);
    }

    // A bill is held against what the books expect of it, and the bank against the bill.
    private IEnumerable<TieLine> OfBill(ReconciliationRow bill)
    {
        var theirs = Amount(bill.TheirNetMinor, bill.Currency);
        var funds = -journal
            .Where(total => FundsRules.Contains(total.Rule) && total.Channel == bill.Channel
                && total.Currency == bill.Currency && FundsKinds.Contains(total.Kind))
            .Sum(total => total.NetMinor);
        yield return new(
            $"bill:{bill.Channel}", "我方净额+差额+跨日=渠道净额",
            Amount(Differences.ExplainedMinor(bill), bill.Currency), theirs);

        // Of a closed day that means that its money comes by withdrawals, which are no day's.
        var paid = Amount(bill.TheirPaidMinor ?? bill.TheirNetMinor, bill.Currency);
        if (bill.FundsMinor is not null || paid.IsZero)
            yield return new($"funds:{bill.Channel}", "渠道净额=到账金额", paid, Amount(funds, bill.Currency));
    }

    private static long Sum(
        List<RuleTotal> lines, string[] rules, string kind, Func<RuleTotal, long> side) =>
        lines.Where(total => total.Kind == kind && rules.Contains(total.Rule)).Sum(side);

    private static bool IsSuspense(string account) => account.StartsWith("suspense:", StringComparison.Ordinal);

    private static Money Amount(long minorUnits, string currency) => new(minorUnits, Enum.Parse<Currency>(currency));
}
