using Jifu.Ledger.Cli.Bills;

namespace Jifu.Ledger.Cli.Tests.Bills;

/// <summary>What <c>jifu bill show</c> prints of the bills in reconciliation-fixtures.</summary>
public class BillShowTests
{
    [Fact]
    public void Genuine_rows_are_summed_by_kind_and_tie_out() =>
        Show("wechatpay/genuine-rows/bill.csv").ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Wrong_totals_are_told_with_line_and_column() =>
        Show("wechatpay/wrong-totals/bill.csv").ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Each_document_of_an_archive_is_shown() =>
        Show("alipay/all-matched/bill.zip").ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Movements_of_an_account_are_summed_by_what_they_were_for() =>
        Show("wechatpay/fund-flow/bill.csv").ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_bill_without_totals_says_so() =>
        Show("unionpay/zip-with-corrections/bill.zip").ShouldMatchApproved(o => o.NoDiff());

    private static string Show(string fixture)
    {
        using var text = new StringWriter();
        BillPrint.Text(BillTold.Of(new(Path.Combine(Fixtures(), fixture)), new()), text, text);
        return text.ToString();
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
