using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>Sums of both sides and of the differences by channel and by merchant, made while rows pass by.</summary>
internal sealed class ReportGroups
{
    private readonly SortedDictionary<(string Channel, string Currency, string Merchant), Sides> _merchants = [];
    private bool _hasCarries;

    public void AddTheirs(ReportLine line)
    {
        var sides = Of(line.Channel, line.Currency, line.Owner ?? line.Merchant);
        sides.Theirs = sides.Theirs.With(line);
    }

    public void AddOurs(ReportLine line)
    {
        if (line.Status is not null)
            return; // Not done: it counts nowhere.
        var sides = Of(line.Channel, line.Currency, line.Merchant);
        sides.Ours = sides.Ours.With(line);
    }

    public void Add(IEnumerable<ReportSum> sums)
    {
        foreach (var sum in sums)
        {
            var sides = Of(sum.Channel, sum.Currency, sum.Merchant);
            sides.Differences += sum.Count;
            sides.ExcessMinor = checked(sides.ExcessMinor + sum.ExcessMinor);
        }
    }

    /// <summary>What the cut-off puts between both sides, so that they tie out row by row.</summary>
    public void Add(IEnumerable<ReportCarry> carries)
    {
        foreach (var carry in carries)
        {
            var sides = Of(carry.Channel, carry.Currency, carry.Merchant);
            sides.CarriedMinor = checked(sides.CarriedMinor + carry.GapMinor);
            _hasCarries = true;
        }
    }

    public void Write(WorkbookWriter book, bool withSides)
    {
        var channels = new SortedDictionary<(string Channel, string Currency, string Merchant), Sides>();
        foreach (var ((channel, currency, _), sides) in _merchants)
        {
            if (!channels.TryGetValue((channel, currency, ""), out var sum))
                channels.Add((channel, currency, ""), sum = new());
            sum.Add(sides);
        }

        MergeUntold();
        var columns = Columns(withSides, _hasCarries);
        Write(book.Table("按渠道", [new("渠道"), .. columns]), channels, withSides, merchant: false);
        Write(
            book.Table("按商户", [new("渠道"), new("商户号", Width: 24), .. columns]), _merchants, withSides,
            merchant: true);
    }

    // Where one side does not tell the merchant and the other knows only one, it is that one's.
    private void MergeUntold()
    {
        foreach (var group in _merchants.GroupBy(each => (each.Key.Channel, each.Key.Currency)).ToList())
        {
            if (group.ToList() is not [{ Key.Merchant: "" } untold, var only])
                continue;
            only.Value.Add(untold.Value);
            _merchants.Remove(untold.Key);
        }
    }

    private static TableColumn[] Columns(bool withSides, bool withCarries) =>
    [
        new("币种", Width: 8),
        .. withSides
            ?
            [
                new("渠道笔数", ColumnKind.Number), new("渠道支付", ColumnKind.Money), new("渠道退款", ColumnKind.Money),
                new("渠道手续费", ColumnKind.Money), new("渠道净额", ColumnKind.Money), new("我方笔数", ColumnKind.Number),
                new("我方支付", ColumnKind.Money), new("我方退款", ColumnKind.Money),
                new("我方手续费", ColumnKind.Money), new("我方净额", ColumnKind.Money),
            ]
            : Array.Empty<TableColumn>(),
        new("差异笔数", ColumnKind.Number), new("差额", ColumnKind.Money),
        .. withCarries ? [new(CarrySheet.Name, ColumnKind.Money)] : Array.Empty<TableColumn>(),
    ];

    private void Write(
        SheetTable table, SortedDictionary<(string Channel, string Currency, string Merchant), Sides> groups,
        bool withSides, bool merchant)
    {
        foreach (var ((channel, currency, of), sides) in groups)
        {
            table.Text(channel);
            if (merchant)
                table.Text(of);
            table.Text(currency);
            if (withSides)
            {
                Write(table, sides.Theirs, currency);
                Write(table, sides.Ours, currency);
            }

            table.Count(sides.Differences).Money(sides.ExcessMinor, currency);
            if (_hasCarries)
                table.Money(sides.CarriedMinor, currency);
            table.EndRow();
        }

        table.Totals();
    }

    private static void Write(SheetTable table, ReportSide side, string currency) => table.Count(side.Rows)
        .Money(side.PaidMinor, currency).Money(side.RefundedMinor, currency).Money(side.FeeMinor, currency)
        .Money(side.NetMinor, currency);

    private Sides Of(string channel, string currency, string merchant)
    {
        if (!_merchants.TryGetValue((channel, currency, merchant), out var sides))
            _merchants.Add((channel, currency, merchant), sides = new());
        return sides;
    }

    private sealed class Sides
    {
        public ReportSide Theirs { get; set; } = ReportSide.None;
        public ReportSide Ours { get; set; } = ReportSide.None;
        public long Differences { get; set; }
        public long ExcessMinor { get; set; }
        public long CarriedMinor { get; set; }

        public void Add(Sides other)
        {
            (Theirs, Ours) = (Sum(Theirs, other.Theirs), Sum(Ours, other.Ours));
            Differences += other.Differences;
            ExcessMinor = checked(ExcessMinor + other.ExcessMinor);
            CarriedMinor = checked(CarriedMinor + other.CarriedMinor);
        }

        private static ReportSide Sum(ReportSide left, ReportSide right) => new(
            left.Rows + right.Rows, left.PaymentRows + right.PaymentRows, left.RefundRows + right.RefundRows,
            checked(left.PaidMinor + right.PaidMinor), checked(left.RefundedMinor + right.RefundedMinor),
            checked(left.FeeMinor + right.FeeMinor));
    }
}
