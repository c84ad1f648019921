using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>What a bill says, and what comparing it with our books finds; or why it is refused.</summary>
internal sealed class BillStory
{
    private readonly StringBuilder told = new();

    public static string Of(Stream file, ReconciliationCase fixture)
    {
        var story = new BillStory();
        try
        {
            story.Tell(file, fixture);
            return $"{story.told}";
        }
        catch (BillRejectedException refused)
        {
            return $"refused  {refused.Message}\n";
        }
    }

    private void Tell(Stream file, ReconciliationCase fixture)
    {
        List<BillLine>? trades = null;
        var corrections = new List<BillLine>();
        var coverage = BillCoverage.None;
        foreach (var bill in BillFile.Open(file, Path.GetFileName(fixture.BillPath), fixture.Expectation))
        {
            var (lines, _) = Told(bill);
            if (bill.Kind is BillKind.Trade)
                (trades ??= []).AddRange(lines);
            coverage |= bill.Coverage;
            if (bill.Kind is BillKind.Errors)
                corrections.AddRange(lines);
        }

        if (trades is null)
            return;
        coverage = coverage.With(trades);
        if (coverage is not BillCoverage.All)
            Tell("lists", $"{coverage.Text()} only");
        Tell(Comparison.Compare(trades, fixture.Listed(coverage), corrections));
        if (fixture.FundFlowPath is { } path)
            TellMoney(path, trades, fixture);
    }

    private (List<BillLine> Lines, List<FundFlowLine> Flow) Told(OpenBill bill)
    {
        var (lines, flow) = (bill.Lines.ToList(), bill.FundFlow.ToList());
        Tell("bill", $"{bill.FileName}: {bill.Layout}, {SnakeCase.Of($"{bill.Kind}")}");
        foreach (var kind in lines.GroupBy(line => line.Kind).OrderBy(kind => kind.Key))
        {
            var (amount, fee) = (Sum(kind.Select(line => line.Amount)), Sum(kind.Select(line => line.Fee)));
            Tell($"  {SnakeCase.Of($"{kind.Key}")}", $"{kind.Count()}, {amount}, fee {fee}");
        }

        foreach (var line in flow)
            Tell(
                "  moved", $"{line.Amount} {line.Business} {line.OrderNumber}, holds {line.Balance}"
                    + (Withdrawal.IsOne(line) ? ", looked for at the bank" : ""));
        return (lines, flow);
    }

    private void TellMoney(string path, List<BillLine> trades, ReconciliationCase fixture)
    {
        using var file = File.OpenRead(path);
        var flow = BillFile.Open(file, Path.GetFileName(path), fixture.Expectation)
            .SelectMany(bill => Told(bill).Flow).ToList();
        var check = FundFlowCheck.Of(
            fixture.Expectation.Day!.Value, flow, trades, fixture.Awaited, fixture.Openings);
        Tell("money matched", $"{check.Matched}");
        foreach (var gap in check.Gaps)
            Tell(gap.Class, $"{gap.Key} [{gap.Theirs}] ours [{gap.Ours}] excess {gap.Excess}");
        foreach (var late in check.Awaited)
            Tell("awaited", $"{late.Key} {late.Net}");
        foreach (var one in check.Withdrawals)
            Tell("withdrawn", $"{one.Amount} {one.Number}");
        foreach (var account in check.Accounts)
            Tell(
                "account", $"{account.Account}: {account.Rows}, {account.Net}, {account.Opening} to {account.Closing}"
                    + (account.Break is "" ? "" : $"; {account.Break}"));
    }

    private void Tell(Comparison compared)
    {
        Tell("matched", $"{compared.Matched}");
        foreach (var found in compared.Discrepancies)
            Tell(
                found.Class, $"{found.Key} {found.Field} [{found.Theirs}] ours [{found.Ours}] excess {found.Excess}"
                    + (found.Ordered is { } ordered ? $" ordered {ordered}" : ""));
        foreach (var cutOff in compared.Carried)
            Tell(cutOff.Class, $"{cutOff.Key} carried {cutOff.Side} {cutOff.Amount} at {cutOff.Ours}");
        foreach (var met in compared.CarriedMet)
            Tell("met", $"{met.Line.Key} {met.Side}");
        foreach (var lost in compared.CarriedLost)
            Tell("lost", $"{lost.Line.Key} {lost.Side}");
        Tell("net", $"{compared.TheirNet} ours {compared.OurNet}");
        if (compared.TheirPaid != compared.TheirNet)
            Tell("paid", $"{compared.TheirPaid} with the day");
    }

    private void Tell(string what, string said) => told.Append(what.PadRight(15)).Append(' ').Append(said).Append('\n');

    private static Money Sum(IEnumerable<Money> amounts) =>
        amounts.Aggregate(Money.Zero(Currency.CNY), (sum, amount) => sum + amount);
}
