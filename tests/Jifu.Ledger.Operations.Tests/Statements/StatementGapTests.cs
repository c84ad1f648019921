using System.Text;
using Jifu.Ledger.Operations.Tests.Days;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>Whoever brings a statement is told at once when it does not go on from the account's others: with both
/// days and both balances, and without being kept from anything.</summary>
public class StatementGapTests
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly BusinessDay Saturday = Friday.Next;
    private static readonly BusinessDay Sunday = Saturday.Next;
    private static readonly BusinessDay Monday = Sunday.Next;

    [Fact]
    public async Task A_missing_statement_is_told_until_it_comes()
    {
        await using var desk = await Open();
        (await Bring(desk, $"{Friday},10.00,110.00,N1", $"{Friday},-5.00,105.00,N2")).ShouldBe("");
        var sundays = new[] { $"{Sunday},7.00,119.00,N5", $"{Monday},1.00,120.00,N6" };
        (await Bring(desk, sundays)).ShouldBe($"{Friday} CNY 105.00, {Sunday} CNY 112.00");

        // Of Saturday's 7.00 only 4.00 come, so that it does not reach Sunday's; the rest is there with the next file.
        (await Bring(desk, $"{Saturday},4.00,109.00,N3")).ShouldBe($"{Saturday} CNY 109.00, {Sunday} CNY 112.00");
        (await Bring(desk, $"{Saturday},4.00,109.00,N3", $"{Saturday},3.00,112.00,N4")).ShouldBe("");
        (await Bring(desk, sundays)).ShouldBe("");
    }

    [Fact]
    public async Task Statements_that_overlap_or_come_in_another_order_have_no_gap()
    {
        await using var desk = await Open();
        (await Bring(desk, $"{Sunday},7.00,112.00,N5")).ShouldBe("");
        (await Bring(desk, $"{Friday},10.00,110.00,N1", $"{Friday},-5.00,105.00,N2")).ShouldBe("");
        (await Bring(desk, $"{Sunday},-2.00,110.00,N6", $"{Sunday},7.00,112.00,N5")).ShouldBe("");

        // Lines of one day that come back to the same balance may have come in any order.
        (await Bring(desk, $"{Monday},3.00,113.00,N7", $"{Monday},-3.00,110.00,N8")).ShouldBe("");
    }

    [Fact]
    public async Task Without_balances_nothing_is_guessed()
    {
        await using var desk = await Open(balance: null);
        (await Bring(desk, $"{Friday},10.00,110.00,N1")).ShouldBe("");
        (await Bring(desk, $"{Sunday},7.00,112.00,N5")).ShouldBe("");
    }

    private static async Task<BankDesk> Open(string? balance = "余额")
    {
        var desk = await BankDesk.Open();
        (await desk.House.Statements.Save(
            "icbc",
            new("日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Balance: balance, Reference: "流水号"), Mei,
            default)).ShouldBeNull();
        return desk;
    }

    private static async Task<string> Bring(BankDesk desk, params string[] lines)
    {
        var report = await desk.House.Statements.Import(
            "icbc",
            new("s.csv", Encoding.UTF8.GetBytes($"日期,金额,余额,流水号\n{string.Join('\n', lines)}")), Mei, default);
        report.Refusal.ShouldBeNull();
        return string.Join(
            "; ", report.Gaps.Select(gap => $"{gap.After} {gap.Closing}, {gap.Before} {gap.Opening}"));
    }
}
