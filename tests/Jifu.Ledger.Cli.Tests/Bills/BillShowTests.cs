using Jifu.Ledger.Cli.Bills;

namespace Jifu.Ledger.Cli.Tests.Bills;

/// <summary>What <c>jifu bill show</c> prints of the bills in reconciliation-fixtures.</summary>
public class BillShowTests
{
    [Fact]
    public void Genuine_rows_are_summed_by_kind_and_tie_out() =>
        Show("genuine-rows").ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Wrong_totals_are_told_with_line_and_column() =>
        Show("wrong-totals").ShouldMatchApproved(o => o.NoDiff());

    private static string Show(string fixture)
    {
        var file = new FileInfo(Path.Combine(Fixtures(), "wechatpay", fixture, "bill.csv"));
        using var text = new StringWriter();
        BillPrint.Text(BillTold.Of(file, "wechatpay"), text, text);

        // Where the checkout stands is nobody's business here.
        return text.ToString().Replace(file.FullName, "bill.csv", StringComparison.Ordinal);
    }

    private static string Fixtures()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var fixtures = Path.Combine(folder, "reconciliation-fixtures");
            if (Directory.Exists(fixtures))
                return fixtures;
        }

        throw new DirectoryNotFoundException("reconciliation-fixtures");
    }
}
