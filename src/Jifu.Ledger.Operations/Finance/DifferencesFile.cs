using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>What reconciling a day found, as its books have it: with what corrects earlier, closed days.</summary>
internal sealed record DayDifferences(
    BusinessDay Day, IReadOnlyList<ReconciliationRow> Bills, IReadOnlyList<DifferenceRow> Found,
    IReadOnlyList<CarryRow> Carries, IReadOnlyList<MovedStep> Moved)
{
    /// <summary>What a carry puts between the two sides' nets on this day: channel's less ours. It comes in on the day
    /// that carries it and goes out on the day that meets it.</summary>
    public long GapMinor(CarryRow carry)
    {
        var gap = carry.Side == "ours" ? checked(-carry.AmountMinor) : carry.AmountMinor;
        return carry.Day == Day ? gap : checked(-gap);
    }

    /// <summary>What the day's suspense took for a difference, or gave back for it.</summary>
    public long BookedMinor(DifferenceRow row) => row.BookedOn == Day ? row.ExcessMinor : checked(-row.ExcessMinor);

    /// <summary>What a row is: a difference of the day, or the correction of one that was closed.</summary>
    public string KindOf(DifferenceRow row) =>
        row.BookedOn != Day ? $"冲回{row.Day}差异" : row.Day == Day ? "差异" : $"更正{row.Day}差异";

    /// <summary>Our net of a channel's bill with all that is known to lie between the two: what the channel's net must
    /// be.</summary>
    public long ExplainedMinor(ReconciliationRow bill) => checked(bill.OurNetMinor
        + Found.Where(row => row.Channel == bill.Channel && row.Day == Day
            && !FundFlowCheck.IsMoney(row.Class)).Sum(BookedMinor)
        + Carries.Where(row => row.Channel == bill.Channel).Sum(GapMinor));
}

/// <summary><c>differences.csv</c> (差异): each difference with a channel, what was done that day about any, and each
/// line that the cut-off carries into the next day or met of an earlier one.</summary>
internal static class DifferencesFile
{
    public const string Name = "differences.csv";

    public static readonly string[] Headers =
    [
        "类型", "渠道", "分类代码", "分类", "业务键", "字段", "渠道方", "我方", "币种", "差额", "跨日金额",
    ];

    public static Sums Write(CsvTable sheet, DayDifferences day)
    {
        var sums = new Sums("excess_minor", "carried_minor");
        foreach (var row in day.Found)
        {
            sheet.Text(day.KindOf(row)).Text(row.Channel).Text(row.Class).Text(Terms.Difference(row.Class))
                .Text(row.Key).Text(row.Field).Text(row.Theirs).Text(row.Ours).Text(row.Currency)
                .Money(day.BookedMinor(row), row.Currency).Money(0, row.Currency).EndRow();
            sums.Add(row.Currency, day.BookedMinor(row), 0);
        }

        foreach (var row in day.Moved)
        {
            sheet.Text(Terms.Step(row.Step)).Text(row.Channel).Text(row.Class).Text(Terms.Difference(row.Class))
                .Text(row.Key).Text(row.Field).Text($"{row.Day}").Text(row.Detail).Text(row.Currency)
                .Money(row.MovedMinor, row.Currency).Money(0, row.Currency).EndRow();
            sums.Add(row.Currency, row.MovedMinor, 0);
        }

        foreach (var row in day.Carries)
        {
            var gap = day.GapMinor(row);
            var (theirs, ours) = row.Side == "ours" ? ("", "有") : ("有", "");
            sheet.Text(row.Day == day.Day ? "跨日转出" : "跨日转入").Text(row.Channel).Text("cut_off")
                .Text(Terms.Difference("cut_off")).Text(row.Key).Text("day").Text(theirs).Text(ours)
                .Text(row.Currency).Money(0, row.Currency).Money(gap, row.Currency).EndRow();
            sums.Add(row.Currency, 0, gap);
        }

        sheet.Totals(sums, before: 7, after: 0);
        return sums;
    }
}
