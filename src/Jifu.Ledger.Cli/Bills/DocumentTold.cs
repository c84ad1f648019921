using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Cli.Bills;

/// <summary>One document of a bill file, summed up: trades by kind, movements of an account by what they were for.
/// </summary>
internal sealed class DocumentTold(OpenBill bill)
{
    private readonly SortedDictionary<BillLineKind, TradeSum> trades = [];
    private readonly SortedDictionary<string, FlowSum> flow = new(StringComparer.Ordinal);

    public string Name { get; } = bill.FileName;
    public string Channel { get; } = bill.Channel.Name();
    public string Kind { get; } = SnakeCase.Of($"{bill.Kind}");
    public string Layout { get; } = bill.Layout;

    /// <summary>UnionPay's files say nothing about themselves.</summary>
    public bool HasTotals { get; } = bill.Channel is not Ledger.Channel.UnionPay;

    public IReadOnlyList<TradeSum> Trades => [.. trades.Values];
    public IReadOnlyList<FlowSum> Flow => [.. flow.Values];

    /// <summary>How many corrections (差错) there are, and of how much; which way they go the file does not say.
    /// </summary>
    public (int Rows, long AmountMinor)? Corrections { get; private set; }

    /// <summary>What the account holds after the last movement in the file; null when the bill does not say.</summary>
    public long? BalanceMinor { get; private set; }

    /// <summary>Where the account's balances stop following from each other; null when they do not, or are not
    /// told.</summary>
    public BalanceBreak? BalanceBreak { get; private set; }

    public void Read(OpenBill document)
    {
        if (document.Kind is BillKind.Errors)
        {
            Corrections = document.Lines.Aggregate(
                (0, 0L), (sum, line) => (sum.Item1 + 1, sum.Item2 + line.Amount.MinorUnits));
        }

        foreach (var line in document.Lines)
        {
            var sum = trades.GetValueOrDefault(line.Kind, new(line.Kind.Name(), 0, 0, 0));
            trades[line.Kind] = sum.With(line);
        }

        var moved = document.FundFlow.ToList();
        foreach (var line in moved)
        {
            flow[line.Business] = flow.GetValueOrDefault(line.Business, new(line.Business, 0, 0, 0, 0)).With(line);
            BalanceMinor = line.Balance?.MinorUnits;
        }

        BalanceBreak = BalanceChain.OfEach(moved).Select(account => account.Chain.Break)
            .FirstOrDefault(gap => gap is not null);
    }
}

/// <summary>The trades of one kind; amounts in minor units of CNY.</summary>
/// <param name="NetMinor">What the channel owes us for them after fees; negative when we owe.</param>
/// <param name="FeeMinor">What it charges; negative where it gives back.</param>
internal sealed record TradeSum(string Kind, int Rows, long NetMinor, long FeeMinor)
{
    /// <summary>Before fees.</summary>
    public long AmountMinor => NetMinor + FeeMinor;

    public TradeSum With(BillLine line) => this with
    {
        Rows = Rows + 1, NetMinor = NetMinor + line.Net.MinorUnits, FeeMinor = FeeMinor + line.Fee.MinorUnits,
    };

    public static TradeSum Total(IReadOnlyList<TradeSum> sums) =>
        new("total", sums.Sum(sum => sum.Rows), sums.Sum(sum => sum.NetMinor), sums.Sum(sum => sum.FeeMinor));
}

/// <summary>The movements that were for one thing; amounts in minor units of CNY, positive.</summary>
internal sealed record FlowSum(string Business, int RowsIn, long InMinor, int RowsOut, long OutMinor)
{
    public FlowSum With(FundFlowLine line) => line.Amount.MinorUnits < 0
        ? this with { RowsOut = RowsOut + 1, OutMinor = OutMinor - line.Amount.MinorUnits }
        : this with { RowsIn = RowsIn + 1, InMinor = InMinor + line.Amount.MinorUnits };

    public static FlowSum Total(IReadOnlyList<FlowSum> sums) =>
        new(
            "total", sums.Sum(sum => sum.RowsIn), sums.Sum(sum => sum.InMinor), sums.Sum(sum => sum.RowsOut),
            sums.Sum(sum => sum.OutMinor));
}
