using System.Text.Json;
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

    [Fact]
    public void Where_an_account_s_balance_does_not_continue_is_told_with_its_line()
    {
        var broken = Path.Combine(Directory.CreateTempSubdirectory("jifu-bill-").FullName, "bill.csv");
        var whole = File.ReadAllText(Path.Combine(Fixtures(), "wechatpay/fund-flow/bill.csv"));
        File.WriteAllText(broken, whole.Replace("`收入,`0.01,`0.23,", "`收入,`0.01,`5.23,", StringComparison.Ordinal));

        Show(broken).ReplaceLineEndings("\n").ShouldEndWith(
            "bill.csv: its totals tie out.\nbill.csv: the balance does not continue 余额不连续: line 3 after line 2: "
            + "the balance should be CNY 0.23, and is CNY 5.23\n");
        var told = BillTold.Of(new(broken), new());
        told.IsSound.ShouldBeFalse();
        using var text = new StringWriter();
        BillPrint.Json(told, text);
        using var json = JsonDocument.Parse(text.ToString());
        var gap = json.RootElement.GetProperty("documents")[0].GetProperty("balance_break");
        (gap.GetProperty("line").GetInt32(), gap.GetProperty("after_line").GetInt32(),
            gap.GetProperty("expected_minor").GetInt64(), gap.GetProperty("found_minor").GetInt64())
            .ShouldBe((3, 2, 23, 523));
        Directory.Delete(Path.GetDirectoryName(broken)!, recursive: true);
    }

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
