using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Days;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Asks for a clearing run.</summary>
/// <param name="Term"><c>t1</c>: a day that is over, once. <c>t0</c>: today so far, as often as wanted.</param>
/// <param name="Day">For <c>t1</c>.</param>
/// <param name="Run">For <c>t0</c>: the number of the run, so that a repeat is one; absent for a new run.</param>
internal sealed record ClearingRequest(Channel Channel, SettlementTerm Term, BusinessDay? Day = null, int? Run = null);

/// <summary>Asks for a reconciliation by the channel's own bill.</summary>
internal sealed record ReconciliationRequest(Channel Channel, BusinessDay Day, string? Reason = null);

/// <summary>Why a step was not taken.</summary>
internal sealed record RefusalView(string Code, string Detail)
{
    public static RefusalView? Of(Refusal? refusal) => refusal is null ? null : new(refusal.Code, refusal.Detail);
}

/// <summary>What one merchant's items of a batch came to, in minor units.</summary>
internal sealed record PositionView(
    string MerchantId, Currency Currency, int Payments, int Refunds, long Gross, long Refunded, long Fees, long Splits,
    long BroughtForward, long Payable, long CarriedForward);

/// <summary>What became of a settlement order.</summary>
internal sealed record SettlementState(string SettlementId, string Status, RefusalView? Refusal);

/// <summary>A clearing run.</summary>
internal sealed record ClearingView(
    string BatchId, IReadOnlyList<PositionView> Positions, IReadOnlyList<SettlementState> Settlements,
    RefusalView? Refusal)
{
    public static ClearingView Of(ClearingReport report) => new(
        report.Batch.Value,
        [.. report.Positions.Select(p => new PositionView(
            p.Merchant.Value, p.Gross.Currency, p.PaymentCount, p.RefundCount, p.Gross.MinorUnits,
            p.Refunded.MinorUnits, p.Fees.MinorUnits, p.Splits.MinorUnits, p.BroughtForward.MinorUnits,
            p.Payable.MinorUnits, p.CarriedForward.MinorUnits))],
        [.. report.Settlements.Select(settled => new SettlementState(
            settled.Id.Value, SnakeCase.Of(settled.Order.GetType().Name), RefusalView.Of(settled.Refusal)))],
        RefusalView.Of(report.Refusal));
}

/// <summary>A reconciliation; amounts in minor units.</summary>
internal sealed record ReconciliationView(
    string Channel, BusinessDay Day, bool Completed, bool FundsReceived, int Matched, int Differences,
    int CarriedOver, int CarriedArrived, long TheirNet, long OurNet, RefusalView? Refusal, string? Sha256,
    bool AlreadyThere, RefusalView? FundFlowRefusal, string? Note)
{
    public static ReconciliationView Of(ReconciliationOutcome outcome)
    {
        var done = outcome.Completed;
        return new(
            outcome.Channel.Name(), outcome.Day, done is not null, outcome.FundsReceived, done?.Matched ?? 0,
            done?.Differences ?? 0, done?.CarriedOver ?? 0, done?.CarriedArrived ?? 0,
            done?.TheirNet.MinorUnits ?? 0, done?.OurNet.MinorUnits ?? 0, RefusalView.Of(outcome.Refusal),
            outcome.Sha256, outcome.AlreadyThere, RefusalView.Of(outcome.FundFlowRefusal), outcome.Note);
    }
}

/// <summary>By whose word a day was closed with differences.</summary>
internal sealed record AcceptedView(string Reason, string By, DateTimeOffset At);

/// <summary>What of a channel's day is not explained; amounts in minor units.</summary>
/// <param name="Open">Differences that wait for somebody.</param>
/// <param name="Over">What is in suspense for those by which the channel has more than we do.</param>
/// <param name="Short">The same of those by which it has less; negative.</param>
/// <param name="Apart">What came to the bank beyond what the bill says; negative when it was less.</param>
/// <param name="Accepted">Null while nobody has closed the day with all of this.</param>
internal sealed record UnexplainedView(
    string Channel, int Open, long Over, long Short, long Apart, Currency Currency, AcceptedView? Accepted)
{
    public static UnexplainedView Of(UnexplainedDay day) => new(
        day.Channel.Name(), day.Open, day.Over.MinorUnits, day.Short.MinorUnits, day.Apart.MinorUnits,
        day.Over.Currency, day.Accepted is { } said ? new(said.Reason, said.By, said.At) : null);
}

/// <summary>What closing a day came to.</summary>
/// <param name="Unexplained">None when all of the day is explained.</param>
internal sealed record DayView(
    BusinessDay Day, IReadOnlyList<ClearingView> Clearings, IReadOnlyList<ReconciliationView> Reconciliations,
    IReadOnlyList<ThreeSidesRow> ThreeSides, IReadOnlyList<UnexplainedView> Unexplained)
{
    public static DayView Of(DayReport report) => new(
        report.Day, [.. report.Clearings.Select(ClearingView.Of)],
        [.. report.Reconciliations.Select(ReconciliationView.Of)], report.ThreeSides,
        [.. report.Unexplained.Select(UnexplainedView.Of)]);
}

/// <summary>A difference with a channel (差异).</summary>
/// <param name="Excess">What the channel owes us beyond our books, in minor units; it stands in suspense.</param>
internal sealed record DifferenceView(
    string Channel, string Class, string Key, string Field, string Theirs, string Ours, Currency Currency, long Excess)
{
    public static DifferenceView Of(DifferenceRow row) => new(
        row.Channel, row.Class, row.Key, row.Field, row.Theirs, row.Ours, Enum.Parse<Currency>(row.Currency),
        row.ExcessMinor);
}

/// <summary>A line that the cut-off explains (跨日).</summary>
/// <param name="Day">The day that carried it.</param>
/// <param name="MetDay">The day whose bill had the other side; absent while it is open.</param>
internal sealed record CarryView(
    string Channel, BusinessDay Day, string Key, string Side, long Amount, BusinessDay? MetDay)
{
    public static CarryView Of(CarryRow row) =>
        new(row.Channel, row.Day, row.Key, row.Side, row.AmountMinor, row.MetDay);
}

/// <summary>Everything in which a day's bills and our books are not the same.</summary>
internal sealed record DayDifferencesView(
    IReadOnlyList<DifferenceView> Differences, IReadOnlyList<CarryView> Carries);
