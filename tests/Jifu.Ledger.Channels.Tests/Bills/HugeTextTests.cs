using System.Text;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Text that no bill holds, from a stream and from bytes.</summary>
public class HugeTextTests
{
    private static readonly string[] Good =
        File.ReadAllLines(Path.Combine(ReconciliationCase.Root, "wechatpay/lf-without-bom/bill.csv"));

    [Fact]
    public void A_field_of_five_megabytes_is_refused_with_its_line() =>
        Read([Good[0], Good[1].Replace("茶", new string('茶', 1_700_000), StringComparison.Ordinal), .. Good[2..]])
            .ShouldBe("2: bill_line_too_long");

    [Fact]
    public void A_file_without_line_ends_is_refused() =>
        Packed.Read(Encoding.UTF8.GetBytes(new string('9', 5 << 20))).ShouldBe("1: bill_line_too_long");

    [Fact]
    public void Ten_thousand_columns_are_refused() =>
        Read([Good[0] + string.Concat(Enumerable.Repeat(",a", 10_000)), .. Good[1..]])
            .ShouldBe("1: bill_header_unknown");

    [Fact]
    public void Ten_thousand_cells_are_refused_with_their_line() =>
        Read([Good[0], Good[1] + string.Concat(Enumerable.Repeat(",`", 10_000)), .. Good[2..]])
            .ShouldBe("2: bill_row_malformed");

    [Fact]
    public void Ten_thousand_commas_that_may_stand_anywhere_are_refused_with_their_line() =>
        Packed.Read(Packed.LongBill(3, row => row == 1 ? new string(',', 10_000) : "茶"))
            .ShouldBe("7: bill_row_malformed");

    [Fact]
    public void A_bill_may_be_very_long() => Packed.Read(Packed.LongBill(5_000)).ShouldBe("5000 rows");

    [Fact]
    public void Amounts_beyond_all_bounds_are_refused_before_anybody_sums_them_up() =>
        Read([Good[0], .. Enumerable.Repeat(
            Good[1].Replace("`100.00", "`999999999999.99", StringComparison.Ordinal), 200), .. Good[2..]])
            .ShouldEndWith("bill_amount_malformed");

    private static string Read(string[] lines) => Packed.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
}
