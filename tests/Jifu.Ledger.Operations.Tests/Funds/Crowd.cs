using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>One process with callers who pay into one merchant and take out of it, in every way there is.</summary>
internal sealed class Crowd
{
    public static readonly MerchantId One = new("m1");

    private static readonly EventMetadata By = new("test", "test");
    private static readonly DateTimeOffset At = House.Friday.Start.AddHours(12);
    private static readonly MerchantId Other = new("m2");

    private readonly CommandDesk _desk;
    private readonly FundsDesk _funds;
    private readonly CoveredPayment _covered;
    private readonly SettlementDesk _settlements;
    private readonly DifferenceCarrier _differences;

    public Crowd(IEventLog log, KnownFunds known, ScriptedChannel bank)
    {
        var (codec, ids) = (LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System));
        var clock = new House.HandClock(At);
        _desk = new(log, codec, ids);
        var merchants = new MerchantDesk(_desk);
        _funds = new(_desk, merchants, known, clock);
        _covered = new(_desk, _funds, clock);
        var volumes = new DayVolumes((_, _, _, _) => Task.FromResult(0L));
        _differences = new(_desk, _funds);
        _settlements = new(_desk, merchants, new(log, codec, ids, volumes, clock), _funds, bank, clock);
    }

    public async Task Register(MerchantId merchant, long limitFen)
    {
        var register = new MerchantCommand.Register(
            merchant.Value, "account", FeePlan.None, SettlementTerm.T1, RiskLimits.None, [], At);
        await _desk.Handle(Aggregates.Merchants, merchant.Value, register, By, default);
        (await _funds.SetOverdraftLimit(merchant, Cny(limitFen), "contract", By, default)).ShouldBeNull();
    }

    /// <summary>A payment of 10.00 with a fee of 0.06, a tenth of which goes to an agent at once when it is an odd
    /// one.</summary>
    public async Task<bool> Pay(int no)
    {
        var order = new PaymentOrder(
            One, $"{no}", Cny(10_00), Channel.Sandbox, PaymentProduct.Native, "tea", null, null, null, []);
        var quote = FeeQuote.For(
            order.Amount, new(6000), FeeOnRefund.Returned, new(Channel.Sandbox, new(3800), FeeOnRefund.Returned));
        ValueList<SplitShare> shares = no % 2 == 1 ? [new SplitShare(new("agent"), Cny(1_00))] : [];
        await Tell(no, new PaymentCommand.Create(order, new(quote, shares, House.Friday), new(true, []), At));
        return await Tell(no, new PaymentCommand.Succeed($"ch{no}", order.Amount, At, House.Friday, At));
    }

    public async Task<bool> Refund(int payment, int no, long fen)
    {
        var request = new PaymentCommand.RequestRefund(new($"{no}"), Cny(fen), "cold", null, House.Friday, At);
        return (await _covered.RequestRefund(IdOf(payment), request, By, default)).Refusal is null;
    }

    public Task<bool> EndRefund(int payment, int no, long fen, bool succeeds) => Tell(payment, succeeds
        ? new PaymentCommand.ConfirmRefund(new($"{no}"), $"rf{payment}_{no}", Cny(fen), At, House.Friday, At)
        : new PaymentCommand.FailRefund(new($"{no}"), "no", "no", House.Friday, At));

    public async Task<bool> MakeSplit(int payment, int no, long fen) => (await _covered.MakeSplit(
        IdOf(payment),
        new(new($"{no}"), [new SplitRule(new("agent"), SplitBasis.Amount, fen)], House.Friday, At), By, default))
        .Refusal is null;

    public async Task<bool> Cancel(int payment) => (await _covered.RequestCancel(
        IdOf(payment), new("wrong", House.Friday, At), By, default)).Refusal is null;

    public Task<bool> EndCancel(int payment, bool succeeds) => Tell(payment, succeeds
        ? new PaymentCommand.ConfirmCancel($"cc{payment}", House.Friday, At)
        : new PaymentCommand.RefuseCancel("no", "no", At));

    public async Task<bool> Transfer(int no, long fen) => (await _funds.Transfer(
        new($"{no}"), One, no % 3 == 0 ? Account.Receiver(new("agent")) : Account.Available(Other), Cny(fen), "rent",
        By, default)).Refusal is null;

    /// <summary>Clears an amount, however much waits, and pays it out.</summary>
    public async Task<bool> PayOut(int run, long fen)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, House.Friday, SettlementTerm.T0, run);
        var opened = new ClearingEvent.Opened(
            Channel.Sandbox, House.Friday, SettlementTerm.T0, run, [One], At);
        var position = new MerchantPosition(One, 1, 0, Cny(fen), Cny(0), Cny(0), Cny(0), Cny(0));
        await _desk.Handle(
            Aggregates.Clearing, batch.Value,
            new ClearingCommand.Open(Channel.Sandbox, House.Friday, SettlementTerm.T0, run, [One], House.Friday, At),
            By, default);
        await _desk.Handle(
            Aggregates.Clearing, batch.Value, new ClearingCommand.Clear(batch, [position], At), By, default);
        return (await _settlements.Settle(batch, opened, position, By, default)).Refusal is null;
    }

    /// <summary>Finance gives the merchant what was too much on a bill; what an older bill gave it is undone.</summary>
    public async Task<bool> Give(int no, long bill)
    {
        var adjust = new Remedy(RemedyKind.Adjust, Account.Available(One));
        var handled = await _differences.Handle(
            new DifferenceCommand.Propose(Finding(no, bill), adjust, "theirs", null, "mei", At), By, default);
        var proposal = (handled.State as Difference.Known)?.Asked?.Number ?? 0;
        return (await _differences.Handle(
            new DifferenceCommand.Approve(Finding(no, bill), proposal, "bo", At), By, default)).Rejection is null;
    }

    /// <summary>The bill is replaced.</summary>
    public async Task<bool> TakeBack(int no, long bill) => (await _differences.Handle(
        new DifferenceCommand.TakeBack(Finding(no, bill), "replaced", "run", At), By, default)).Events.Count > 0;

    private static Finding Finding(int no, long bill) => new(
        Channel.Sandbox, House.Friday, "only_at_channel", $"{no}", "line", "", "", Cny(4_00 + bill), bill);

    private static PaymentId IdOf(int payment) => PaymentId.Of(One, $"{payment}");

    private static Money Cny(long fen) => new(fen, Currency.CNY);

    private async Task<bool> Tell(int payment, PaymentCommand command) =>
        (await _desk.Handle(Aggregates.Payments, IdOf(payment).Value, command, By, default)).Rejection is null;
}
