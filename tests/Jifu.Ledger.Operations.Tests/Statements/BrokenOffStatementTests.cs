using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>Statements whose import was killed between two pieces of it, and what comes after.</summary>
public class BrokenOffStatementTests
{
    private const int Lines = 1_200;

    [Fact]
    public async Task Another_download_brings_all_that_a_killed_import_has_begun()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(House.Friday, 500_00);
        await Killed(desk, Statement(""));

        // Finance downloads the period again, and the bank writes another time above it.
        var report = await desk.House.Statements.Import("icbc", Statement("导出时间 12:01\n"), Mei, default);
        (report.Imported!.NewRows, report.Matched).ShouldBe((Lines, 1));
        (await desk.Booked()).ShouldBe(500_00);
        (await desk.Line("N1")).ImportedBy.ShouldBe(Mei.Actor);
        await desk.Owes(House.Friday.Previous, 1_01);
        (await desk.Confirm("N1", Bo, House.Friday.Previous)).ShouldBeNull();
        (await desk.Booked()).ShouldBe(501_01);

        // The first file once more has nothing new, and takes no line from whoever brought it.
        var first = await desk.House.Statements.Import("icbc", Statement(""), Bo, default);
        (first.Imported!.NewRows, first.Matched, first.AlreadyThere).ShouldBe((0, 0, false));
        (await desk.Line("N1")).ImportedBy.ShouldBe(Mei.Actor);
        (await desk.Booked()).ShouldBe(501_01);
        await desk.Same();
    }

    [Fact]
    public async Task Two_killed_imports_leave_their_lines_to_the_third()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(House.Friday, 500_00);
        await Killed(desk, Statement(""));
        await Killed(desk, Statement("导出时间 12:01\n"));
        var report = await desk.House.Statements.Import("icbc", Statement(""), Bo, default);
        (report.Imported!.NewRows, report.Matched).ShouldBe((Lines, 1));
        (await desk.Line("N1")).ImportedBy.ShouldBe(Bo.Actor);
        await desk.Same();
    }

    [Fact]
    public async Task The_same_file_again_brings_what_its_first_import_has_passed_over()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(House.Friday, 500_00);
        await Killed(desk, Statement(""));

        // Older programs passed over what a killed import had told, and told that the other file was read.
        var other = Statement("导出时间 12:01\n");
        var told = (await desk.House.Statements.Load("icbc", default)).Lines;
        var mapping = (await desk.House.Statements.Load("icbc", default)).Mapping!;
        var sha256 = BillArchive.Sha256Of(other.Content);
        var rest = StatementReader.Read("icbc", other, mapping).Where(line => !told.ContainsKey(line.Id)).ToList();
        await desk.House.Tell<StatementEvent>("statement", "icbc", [
            .. rest.Select(line => new StatementEvent.LineRead(
                "icbc", line.Id, line.At, line.Amount, line.Reference, line.Counterparty, "", sha256, line.LineNo)),
            new StatementEvent.Imported(
                "icbc", other.FileName, sha256, Lines, rest.Count, House.Friday.Next, House.Friday.Next, "",
                desk.House.Clock.Now)]);
        (await desk.Line("N0")).ImportedBy.ShouldBeNull();

        var report = await desk.House.Statements.Import("icbc", other, Mei, default);
        (report.AlreadyThere, report.Matched).ShouldBe((true, 1));
        (await desk.Booked()).ShouldBe(500_00);
        var head = await desk.House.Log.Head(default);
        (await desk.House.Statements.Import("icbc", other, Mei, default)).AlreadyThere.ShouldBeTrue();
        (await desk.House.Log.Head(default)).ShouldBe(head);
        await desk.Same();
    }

    // Half a thousand lines are told at once; the rest of it is never told.
    private static async Task Killed(BankDesk desk, ChannelBillFile file)
    {
        var pieces = 0;
        var log = new GatedLog(
            desk.House.Log, _ => ++pieces == 2 ? throw new IOException("killed") : Task.CompletedTask);
        var dying = new StatementDesk(
            log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System), desk.House.Archive, desk.House.Bank,
            desk.House.Clock);
        await Should.ThrowAsync<IOException>(dying.Import("icbc", file, Mei, default));
    }

    private static ChannelBillFile Statement(string above) => new("s.csv", Encoding.UTF8.GetBytes(
        $"{above}日期,金额,流水号,对方户名\n{House.Friday.Next},500.00,N0,沙箱\n"
        + string.Join('\n', Enumerable.Range(1, Lines - 1).Select(no =>
            FormattableString.Invariant($"{House.Friday.Next},1.{no % 100:00},N{no},茶馆")))));
}
