
namespace Jifu.Ledger.Reconciliation.Funds;

/// <summary>One account of ours with a channel over one day.</summary>
/// <param name="Net">What all movements come to.</param>
/// <param name="Break">Where the balances stop following from each other; empty when they do.</param>
/// <param name="Opening">Null when the bill tells no balances.</param>
public sealed record AccountFlow(
    string Account, int Rows, Money Net, string Break, Money? Opening = null, Money? Closing = null);

/// <summary>A trade so late in the day that its money may stand in the next day's fund flow.</summary>
/// <param name="Key">The trade, as differences name it.</param>
/// <param name="Numbers">All numbers by which a movement may name it.</param>
public sealed record AwaitedMoney(string Key, ValueList<string> Numbers, Money Net);

/// <summary>Something that a channel's fund flow and its trade bill do not agree on.</summary>
/// <param name="Excess">What the channel holds for us beyond its trade bill.</param>
/// <param name="OurAmount">The amount that <paramref name="Ours"/> tells people; null when it tells none.</param>
/// <param name="Facts">The numbers by which a movement names what it was for, and those of the trade that it should
/// be; null for a trade of the day before.</param>
public sealed record MoneyGap(
    string Class, string Key, string Theirs, string Ours, Money Excess, Money? OurAmount = null,
    LineFacts? Facts = null);

/// <summary>What a channel's fund flow (资金账单) says beside its trade bill: whether each trade moved the money that
/// it should, what moved besides, and whether balances follow from each other.</summary>
/// <remarks>Nothing gets lost, to the fen: all movements but withdrawals are the trades' net, and the gaps, less what
/// is awaited, and what was awaited of the day before.</remarks>
/// <param name="Matched">Trades whose money is as it should be; a payment and its refunds of the day are one.</param>
/// <param name="Withdrawals">What left for our bank (提现), and what came from there (充值): each is looked for at the
/// bank.</param>
public sealed record FundFlowCheck(
    int Matched, IReadOnlyList<MoneyGap> Gaps, IReadOnlyList<AwaitedMoney> Awaited,
    IReadOnlyList<Withdrawal> Withdrawals, IReadOnlyList<AccountFlow> Accounts)
{
    // So many are half of what one event may hold. What is beyond is told as unexplained, and so lost to nobody.
    private const int WithdrawalsMax = 2_000;
    private static readonly Money None = Money.Zero(Currency.CNY);

    /// <summary>What left for our bank, as a positive amount, less what came from it.</summary>
    public Money Withdrawn => Withdrawals.Aggregate(None, (sum, one) => sum + one.Amount);

    /// <summary>True for classes of differences between a fund flow and a trade bill.</summary>
    public static bool IsMoney(string differenceClass) =>
        DifferenceClasses.OfMoney.Contains(differenceClass);

    /// <param name="awaited">What the day before awaited.</param>
    /// <param name="openings">What each account held at the end of the day before, as far as it is known.</param>
    public static FundFlowCheck Of(
        BusinessDay day, IReadOnlyList<FundFlowLine> flow, IReadOnlyList<BillLine> trades,
        IReadOnlyList<AwaitedMoney> awaited, IReadOnlyDictionary<string, Money> openings)
    {
        var late = day.Next.Start - LedgerDay.CutOffMargin;
        var expected = trades.GroupBy(Family).Select(family => new Expected(family.ToList(), late)).ToList();
        var byNumber = new Dictionary<string, Expected>(StringComparer.Ordinal);
        foreach (var one in expected)
            Name(byNumber, one, one.Money.Numbers);
        foreach (var one in awaited)
        {
            // What was paid last night and is given back today moves under the same numbers: it is one sum, too.
            var same = one.Numbers.Select(number => byNumber.GetValueOrDefault(number)).OfType<Expected>()
                .FirstOrDefault();
            same?.Join(one);
            if (same is null)
                expected.Add(same = new(one));
            Name(byNumber, same, one.Numbers);
        }

        var (gaps, withdrawn) = (new List<MoneyGap>(), new List<FundFlowLine>());
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in flow)
        {
            if (Withdrawal.IsOne(row) && withdrawn.Count < WithdrawalsMax)
                withdrawn.Add(row);
            else if (Find(byNumber, row) is { } meant)
                meant.Take(row.Amount);
            else
                gaps.Add(Unexplained(row, seen[row.Number] = seen.GetValueOrDefault(row.Number) + 1));
        }

        gaps.AddRange(expected.Select(one => one.Gap).OfType<MoneyGap>());
        return new(
            expected.Count(one => one.IsMet), gaps,
            [.. expected.Where(one => one.IsAwaited).Select(one => one.Money)], [.. Withdrawal.Of(withdrawn)],
            Flows(flow, openings));
    }

    // Each is told by itself, also those of one number.
    private static MoneyGap Unexplained(FundFlowLine row, int nth) => new(
        "funds_unexplained",
        FormattableString.Invariant($"flow:{row.Number}{(nth == 1 ? "" : $".{nth}")}"),
        $"{row.Amount} {row.Business}".TrimEnd(), "", row.Amount,
        Facts: new(Reference: row.Reference, Order: row.OrderNumber));

    private static void Name(Dictionary<string, Expected> byNumber, Expected one, ValueList<string> numbers)
    {
        foreach (var number in numbers)
            byNumber.TryAdd(number, one);
    }

    private static Expected? Find(Dictionary<string, Expected> byNumber, FundFlowLine row) =>
        byNumber.GetValueOrDefault(row.Reference) ?? byNumber.GetValueOrDefault(row.OrderNumber);

    // Some channels name a refund's movement by its payment.
    private static string Family(BillLine line) =>
        new[] { line.PaymentReference, line.ChannelReference, line.Number }.First(number => number.Length > 0);

    private static List<AccountFlow> Flows(
        IReadOnlyList<FundFlowLine> flow, IReadOnlyDictionary<string, Money> openings) =>
        [.. BalanceChain.OfEach(flow, openings).Select(one => new AccountFlow(
            one.Account, one.Rows.Count, one.Rows.Aggregate(None, (sum, row) => sum + row.Amount),
            one.Chain.Break?.Words ?? "", one.Chain.Opening, one.Chain.Closing))];

    /// <summary>A trade, or a payment with its refunds, while its movements are looked for.</summary>
    private sealed class Expected(AwaitedMoney money, bool isLate, LineFacts? facts = null)
    {
        private Money moved = None;
        private Money? before;
        private int rows;

        // Of yesterday's: what is missing today will not come.
        public Expected(AwaitedMoney awaited)
            : this(awaited, false)
        {
        }

        public Expected(IReadOnlyList<BillLine> family, DateTimeOffset late)
            : this(
                new(
                    family[0].Key,
                    family.SelectMany(line => new[]
                    {
                        line.ChannelReference, line.Number, line.PaymentReference, line.PaymentNumber,
                    }).Where(number => number.Length > 0).Distinct().ToValueList(),
                    family.Aggregate(None, (sum, line) => sum + line.Net)),
                family.All(line => line.At >= late), FactsOf(family))
        {
        }

        public AwaitedMoney Money => money;
        public bool IsAwaited => isLate && !money.Net.IsZero && (before is { } due ? moved == due : rows == 0);
        public bool IsMet => moved == Net && !IsAwaited;

        public MoneyGap? Gap => IsMet || IsAwaited
            ? null
            : new(
                rows == 0 ? "funds_missing" : "funds_differ", money.Key, rows == 0 ? "" : $"{moved}", $"{Net}",
                moved - Net, Net, facts);

        private Money Net => money.Net + (before ?? None);

        // Of several refunds none gives its own number to all.
        private static LineFacts FactsOf(IReadOnlyList<BillLine> family)
        {
            var facts = LineFacts.Of(family.FirstOrDefault(line => line.Kind is not BillLineKind.Refund) ?? family[0]);
            return family.Count > 1 && family.All(line => line.Kind is BillLineKind.Refund)
                ? facts with { Reference = "" }
                : facts;
        }

        public void Join(AwaitedMoney yesterdays) => before = (before ?? None) + yesterdays.Net;

        public void Take(Money amount) => (moved, rows) = (moved + amount, rows + 1);
    }
}
