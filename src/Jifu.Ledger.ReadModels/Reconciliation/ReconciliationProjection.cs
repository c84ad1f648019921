using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>Keeps <c>reconciliation</c>, <c>difference</c> and <c>reconciliation_carry</c>: what each day's bill
/// told.</summary>
public sealed class ReconciliationProjection : IProjection
{
    public string Name => "reconciliation";

    public IReadOnlyList<string> Tables => ["reconciliation", "difference", "reconciliation_carry"];

    public IReadOnlyList<string> SearchedBy =>
        ["reconciliation_pkey", "reconciliation_carry_open", "difference_by_day"];

    public IReadOnlyList<Type> LooksAt => [typeof(ReconciliationEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
        [.. page.Where(recorded => recorded.Event is ReconciliationEvent
            and not (ReconciliationEvent.FundFlowImported or ReconciliationEvent.FundsAwaited
                or ReconciliationEvent.FundFlowChecked or ReconciliationEvent.DifferencesAccepted
                or ReconciliationEvent.WithdrawalReceived
                or ReconciliationEvent.WithdrawalTakenBack or ReconciliationEvent.FundsReceived { DayIsClosed: true }
                or ReconciliationEvent.FundsTakenBack { DayIsClosed: true }
                or ReconciliationEvent.RestReceived { BookedOn: not null }
                or ReconciliationEvent.RestTakenBack { BookedOn: not null })).SelectMany(StatementsOf)];

    private static IEnumerable<Statement> StatementsOf(Recorded<object> r) => r.Event switch
    {
        ReconciliationEvent.BillSuperseded e => [Current(e), Superseded(e)],
        ReconciliationEvent.Completed e => [Current(e), Completed(e)],
        _ => [StatementOf(r)],
    };

    private static Statement StatementOf(Recorded<object> r) => (ReconciliationEvent)r.Event switch
    {
        ReconciliationEvent.BillImported e => Imported(e),
        ReconciliationEvent.DifferenceFound e => Found(r, e),
        ReconciliationEvent.Carried e => new(
            """
            INSERT INTO reconciliation_carry (position, channel, day, key, side, currency, amount_minor, booked_on)
            VALUES (@position, @channel, @day, @key, @side, @currency, @amount, @on)
            """,
            1,
            ("on", (e.BookedOn ?? e.Day).Date), ("position", r.Position), ("channel", e.Channel.Name()),
            ("day", e.Day.Date), ("key", e.Key), ("side", e.Side), ("currency", Column.Name(e.Amount.Currency)),
            ("amount", e.Amount.MinorUnits)),
        ReconciliationEvent.CarriedMet e => new(
            """
            UPDATE reconciliation_carry SET met_day = @day, met_on = coalesce((
                SELECT current_booked_on FROM reconciliation WHERE channel = @channel AND day = @day), @day)
            WHERE channel = @channel AND key = @key AND met_day IS NULL AND taken_back_on IS NULL
            """,
            1, ("channel", e.Channel.Name()), ("day", e.Day.Date), ("key", e.Key)),
        ReconciliationEvent.CarriedTakenBack e => new(
            """
            UPDATE reconciliation_carry SET taken_back_on = @on
            WHERE channel = @channel AND day = @day AND key = @key AND taken_back_on IS NULL
            """,
            1,
            ("channel", e.Channel.Name()), ("day", e.Day.Date), ("key", e.Key),
            ("on", (e.BookedOn ?? e.Day).Date)),
        ReconciliationEvent.DifferenceTakenBack e => new(
            """
            UPDATE difference SET taken_back_on = @on
            WHERE channel = @channel AND day = @day AND class = @class AND key = @key AND field = @field
                AND taken_back_on IS NULL
            """,
            1,
            ("channel", e.Channel.Name()), ("day", e.Day.Date), ("class", e.Class), ("key", e.Key),
            ("field", e.Field), ("on", (e.BookedOn ?? e.Day).Date)),
        ReconciliationEvent.FundsReceived e => Funds(
            "coalesce(funds_minor, 0) + @amount", e.Channel, e.Day, e.Amount),
        ReconciliationEvent.FundsTakenBack e => Funds(
            "nullif(funds_minor - @amount, 0)", e.Channel, e.Day, e.Amount),
        ReconciliationEvent.RestReceived e => Funds(
            "coalesce(funds_minor, 0) + @amount", e.Channel, e.Day, e.Amount),
        ReconciliationEvent.RestTakenBack e => Funds(
            "nullif(funds_minor - @amount, 0)", e.Channel, e.Day, e.Amount),
        _ => throw new InvalidDataException($"Reconciliation has no row for {r.Event}."),
    };

    private static Statement Found(Recorded<object> r, ReconciliationEvent.DifferenceFound e) => new(
        """
        INSERT INTO difference
            (position, channel, day, class, key, field, theirs, ours, currency, excess_minor, booked_on)
        VALUES (@position, @channel, @day, @class, @key, @field, @theirs, @ours, @currency, @excess, @on)
        """,
        1,
        ("on", (e.BookedOn ?? e.Day).Date),
        ("position", r.Position), ("channel", e.Channel.Name()), ("day", e.Day.Date), ("class", e.Class),
        ("key", e.Key), ("field", e.Field), ("theirs", e.Theirs), ("ours", e.Ours),
        ("currency", Column.Name(e.Excess.Currency)), ("excess", e.Excess.MinorUnits));

    // Money that comes after a closed day was corrected is that day's as little as the correction is.
    private static Statement Funds(string then, Channel channel, BusinessDay day, Money amount) => new(
        $"""
        UPDATE reconciliation SET funds_minor = CASE WHEN booked_on = day AND current_booked_on <> day THEN funds_minor
            ELSE {then} END
        WHERE channel = @channel AND day = @day
        """,
        1, ("channel", channel.Name()), ("day", day.Date), ("amount", amount.MinorUnits));

    private static Statement Imported(ReconciliationEvent.BillImported e) => new(
        """
        INSERT INTO reconciliation (channel, day, file_name, sha256, bill_rows, currency, paid_minor, refunded_minor,
            fee_minor, status, matched, differences, carried_over, carried_arrived, their_net_minor, our_net_minor,
            imported_at, booked_on, current_sha256, current_booked_on, current_net_minor, due_on)
        VALUES (@channel, @day, @file, @sha256, @rows, @currency, @paid, @refunded, @fee, 'comparing', 0, 0, 0, 0, 0, 0,
            @at, @on, @sha256, @on, 0, @on)
        """,
        1,
        ("channel", e.Channel.Name()), ("day", e.Day.Date), ("file", e.FileName), ("sha256", e.Sha256),
        ("rows", e.Rows), ("currency", Column.Name(e.PaidTotal.Currency)), ("paid", e.PaidTotal.MinorUnits),
        ("refunded", e.RefundedTotal.MinorUnits), ("fee", e.FeeTotal.MinorUnits), ("at", e.At.ToUniversalTime()),
        ("on", (e.BookedOn ?? e.Day).Date));

    // What corrects a closed day leaves its row as finance has it, and says beside it what is so now.
    private static Statement Current(ReconciliationEvent.BillSuperseded e) => new(
        """
        UPDATE reconciliation SET current_sha256 = @sha256, current_booked_on = @on
        WHERE channel = @channel AND day = @day
        """,
        1,
        ("on", (e.BookedOn ?? e.Day).Date), ("channel", e.Channel.Name()), ("day", e.Day.Date), ("sha256", e.Sha256));

    private static Statement Current(ReconciliationEvent.Completed e) => new(
        """
        UPDATE reconciliation SET current_net_minor = @paid,
            due_on = CASE WHEN current_net_minor = 0 THEN @on ELSE due_on END
        WHERE channel = @channel AND day = @day
        """,
        1,
        ("on", (e.BookedOn ?? e.Day).Date), ("channel", e.Channel.Name()), ("day", e.Day.Date),
        ("paid", (e.TheirPaid ?? e.TheirNet).MinorUnits));

    // A row that is compared yet is no closed day's, on whichever day what ends it is booked.
    private static int Touched(BusinessDay? bookedOn) => bookedOn is null ? 1 : -1;

    private static Statement Superseded(ReconciliationEvent.BillSuperseded e) => new(
        """
        UPDATE reconciliation SET file_name = @file, sha256 = @sha256, bill_rows = @rows, paid_minor = @paid,
            refunded_minor = @refunded, fee_minor = @fee, status = 'comparing', imported_at = @at, completed_at = NULL
        WHERE channel = @channel AND day = @day AND (booked_on = @on OR status = 'comparing')
        """,
        Touched(e.BookedOn),
        ("on", (e.BookedOn ?? e.Day).Date),
        ("channel", e.Channel.Name()), ("day", e.Day.Date), ("file", e.FileName), ("sha256", e.Sha256),
        ("rows", e.Rows), ("paid", e.PaidTotal.MinorUnits), ("refunded", e.RefundedTotal.MinorUnits),
        ("fee", e.FeeTotal.MinorUnits), ("at", e.At.ToUniversalTime()));

    private static Statement Completed(ReconciliationEvent.Completed e) => new(
        """
        UPDATE reconciliation SET status = 'completed', matched = @matched, differences = @differences,
            carried_over = @over, carried_arrived = @arrived, their_net_minor = @theirs, our_net_minor = @ours,
            completed_at = @at, their_paid_minor = @paid
        WHERE channel = @channel AND day = @day AND (booked_on = @on OR status = 'comparing')
        """,
        Touched(e.BookedOn),
        ("on", (e.BookedOn ?? e.Day).Date),
        ("channel", e.Channel.Name()), ("day", e.Day.Date), ("matched", e.Matched), ("differences", e.Differences),
        ("over", e.CarriedOver), ("arrived", e.CarriedArrived), ("theirs", e.TheirNet.MinorUnits),
        ("ours", e.OurNet.MinorUnits), ("at", e.At.ToUniversalTime()),
        ("paid", (object?)e.TheirPaid?.MinorUnits ?? DBNull.Value));
}
