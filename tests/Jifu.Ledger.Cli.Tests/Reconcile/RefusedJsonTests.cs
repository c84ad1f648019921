using System.Text.Json;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Cli.Reconcile;

namespace Jifu.Ledger.Cli.Tests.Reconcile;

/// <summary>What a program and a person read when two files are not compared, or not the usual way.</summary>
public class RefusedJsonTests
{
    [Fact]
    public void A_program_is_told_of_a_refusal_in_the_shape_of_bill_show()
    {
        using var output = new StringWriter();
        RefusedPrint.Json(
            new BillRejectedException(BillRejection.BillRowMalformed, "bill.csv", 5, 9, "an amount"), output);
        using var json = JsonDocument.Parse(output.ToString());
        json.RootElement.GetProperty("is_whole").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("file").GetString().ShouldBe("bill.csv");
        json.RootElement.GetProperty("refused").ToString().ReplaceLineEndings("\n").ShouldBe("""
            {
                "code": "bill_row_malformed",
                "file": "bill.csv",
                "line": 5,
                "column": 9,
                "expected": "an amount"
              }
            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("difference sketch", null)]
    [InlineData("exact external join: too many differences for the sketch",
        "Compared by the exact join of all rows, not by the sketch 未用草图，已逐笔精确连接: "
            + "too many differences for the sketch 差异太多")]
    [InlineData("exact external join: the sketch did not explain the totals",
        "Compared by the exact join of all rows, not by the sketch 未用草图，已逐笔精确连接: "
            + "the sketch did not explain the totals 草图的结果与合计不符")]
    public void The_exact_join_is_told_with_its_reason(string method, string? told) =>
        MethodWords.Of(method).ShouldBe(told);
}
