using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>A house whose channel owes money for days, and two persons, Mei and Bo, who look at the bank.</summary>
internal sealed class BankDesk(House house) : IAsyncDisposable
{
    public static readonly EventMetadata Mei = new("mei", "mei");
    public static readonly EventMetadata Bo = new("bo", "bo");

    private readonly Dictionary<BusinessDay, int> _bills = [];

    public House House { get; } = house;
    public StatementQueries Queries { get; } = new(house.Views);

    public static async Task<BankDesk> Open()
    {
        var desk = new BankDesk(await House.Open());
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(3);
        (await desk.Map(Mei)).ShouldBeNull();
        return desk;
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    public static string Funds(BusinessDay day) => $"funds:sandbox:{day}";

    /// <summary>The channel's bill of a day says what it owes.</summary>
    public Task Owes(BusinessDay day, long fen) => Told(day, fen, new ReconciliationEvent.BillImported(
        Channel.Sandbox, day, "b", "1", 1, Yuan(fen), Yuan(0), Yuan(0), House.Clock.Now));

    /// <summary>A corrected bill says otherwise.</summary>
    public Task OwesInstead(BusinessDay day, long fen)
    {
        var before = _bills.GetValueOrDefault(day, 1);
        _bills[day] = before + 1;
        return Told(day, fen, new ReconciliationEvent.BillSuperseded(
            Channel.Sandbox, day, "b", $"{before + 1}", $"{before}", "corrected", 1, Yuan(fen), Yuan(0), Yuan(0),
            House.Clock.Now));
    }

    private Task Told(BusinessDay day, long fen, ReconciliationEvent bill) => House.Tell<ReconciliationEvent>(
        "reconciliation", $"sandbox_{day}", [
            bill,
            new ReconciliationEvent.Completed(
                Channel.Sandbox, day, 1, 0, 0, 0, Yuan(fen), Yuan(fen), House.Clock.Now)]);

    public Task<Refusal?> Map(EventMetadata by, string? words = null) => House.Statements.Save(
        "icbc",
        new(
            "日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Reference: "流水号", Counterparty: "对方户名",
            ChannelWords: words),
        by, default);

    /// <summary>Mei brings lines of the day after Friday.</summary>
    /// <param name="lines">Each <c>500.00,SUPPLIER-1,茶馆</c>.</param>
    public async Task Brings(params string[] lines) => (await House.Statements.Import(
        "icbc",
        new("s.csv", Encoding.UTF8.GetBytes("日期,金额,流水号,对方户名\n"
            + string.Join('\n', lines.Select(line => $"{House.Friday.Next},{line}")))), Mei, default))
        .Imported!.NewRows.ShouldBe(lines.Length);

    public async Task<StatementLineRow> Line(string reference)
    {
        await House.CatchUp();
        return (await Queries.Lines(House.Friday, House.Friday.Next, false, default))
            .Single(line => line.Reference == reference);
    }

    public async Task<string?> Confirm(string reference, EventMetadata by, params BusinessDay[] days) => (
        await House.Bank.Confirm("icbc", (await Line(reference)).Line, [.. days.Select(Funds)], by, default))?.Code;

    /// <summary>The same of lines that are one movement only together.</summary>
    public async Task<string?> ConfirmTogether(EventMetadata by, string to, params string[] references) => (
        await House.Bank.Confirm("icbc", await Ids(references), [to], by, default))?.Code;

    /// <summary>Proposes an explanation; its id, or why there is none.</summary>
    public async Task<string> Explain(EventMetadata by, Account to, string[] movements, params string[] references)
    {
        var (proposed, refusal) = await House.Explanations.Propose(
            "icbc", await Ids(references), movements, to, "told by the bank", by, default);
        return proposed?.Id ?? refusal!.Code;
    }

    public async Task<string?> Approve(string id, EventMetadata by) =>
        (await House.Explanations.Approve(id, by, default))?.Code;

    private async Task<IReadOnlyList<string>> Ids(string[] references)
    {
        var ids = new List<string>();
        foreach (var reference in references)
            ids.Add((await Line(reference)).Line);
        return ids;
    }

    /// <summary>What an account holds, debit positive.</summary>
    public async Task<long> Balance(Account account)
    {
        await House.CatchUp();
        return (await new JournalQueries(House.Views).Balances(null, AsOf.Now, default))
            .SingleOrDefault(row => row.Account == $"{account}")?.BalanceMinor ?? 0;
    }

    public async Task<string?> Undo(string reference, EventMetadata by, BankMatching? bank = null) => (
        await (bank ?? House.Bank).Undo("icbc", (await Line(reference)).Line, "a supplier's", by, default))?.Code;

    /// <summary>What no line is yet: <c>funds:sandbox:2026-11-20 50000</c>.</summary>
    public async Task<string> OpenMoney()
    {
        await House.CatchUp();
        return string.Join(", ", (await Queries.Expected(House.Friday.Previous, House.Friday.Next, default))
            .Select(row => $"{row.Id} {row.AmountMinor}"));
    }

    /// <summary>How a day stands at the bank.</summary>
    public async Task<string> Stands(BusinessDay day)
    {
        await House.CatchUp();
        return (await new ThreeSidesQueries(House.Views).OfDay(day, default)).Single().Bank;
    }

    /// <summary>The lines by which a day's money came, as the statement has them.</summary>
    public async Task<string> LinesOfDay(BusinessDay day)
    {
        await House.CatchUp();
        return string.Join(", ", (await new ThreeSidesQueries(House.Views).OfDay(day, default)).Single().BankLines
            .Select(line => $"{line.Day} {line.AmountMinor / 100m:0.00} {line.Counterparty} {line.Reference}"));
    }

    /// <summary>What the books have in the bank: exactly what the channel does not owe us any more.</summary>
    public async Task<long> Booked()
    {
        await House.CatchUp();
        var balances = (await new JournalQueries(House.Views).Balances(null, AsOf.Now, default))
            .ToDictionary(row => row.Account, row => row.BalanceMinor);
        var bank = balances.GetValueOrDefault("bank");
        balances.GetValueOrDefault("channel_receivable:sandbox").ShouldBe(-bank);
        return bank;
    }

    public async Task<IReadOnlyList<ReconciliationEvent>> EventsOf(BusinessDay day) => (
        await House.Log.Load<ReconciliationEvent>(
            LedgerEvents.Codec, new("reconciliation", $"sandbox_{day}"), default)).Events;

    /// <summary>The log gives the same views again.</summary>
    public async Task Same()
    {
        await House.CatchUp();
        await using var owner = NpgsqlDataSource.Create(House.OwnerConnection);
        var report = await new Rebuild(House.Log, LedgerEvents.Codec, owner, TimeProvider.System)
            .Check(Projections.All, new Progress<(long, long)>(), default);
        report.Tables.Where(table => !table.Identical).SelectMany(table => table.Differing)
            .Select(row => $"{row.Live} / {row.FromLog}").ShouldBeEmpty();
    }

    public static Money Yuan(long fen) => new(fen, Currency.CNY);
}
