using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>Keeps <c>difference_life</c> and <c>difference_step</c>: each difference as it stands, and what happened to
/// it.</summary>
public sealed class DifferenceProjection : IProjection
{
    // What was done about it stands or is undone when it is found again: its own stream says which, next.
    private const string IsKept = "d.life_position IS NOT NULL AND d.status <> 'undone'";

    public string Name => "differences";

    public IReadOnlyList<string> Tables => ["difference_life", "difference_step"];

    public IReadOnlyList<string> SearchedBy => ["difference_life_pkey"];

    public IReadOnlyList<Type> LooksAt => [typeof(ReconciliationEvent), typeof(DifferenceEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
        [.. page.SelectMany(recorded => recorded.Event switch
        {
            ReconciliationEvent.DifferenceFound e => Found(recorded, e),
            ReconciliationEvent.DifferenceTakenBack e => TakenBack(recorded, e),
            DifferenceEvent e => LifeChange.Of(recorded, e),
            _ => [],
        })];

    private static IEnumerable<Statement> Found(Recorded<object> r, ReconciliationEvent.DifferenceFound e)
    {
        var id = DifferenceId.Of(e.Channel, e.Day, e.Class, e.Key, e.Field).Value;
        var on = e.BookedOn ?? e.Day;
        yield return new(
            $"""
            INSERT INTO difference_life AS d (difference_id, channel, day, class, key, field, theirs, ours, currency,
                excess_minor, left_minor, found_position, since_position, found, booked_on, status, version,
                held_minor, refund_owed_minor, merchant, reference, order_number, order_reference, ours_minor,
                ordered_minor)
            VALUES (@id, @channel, @day, @class, @key, @field, @theirs, @ours, @currency, @excess, @excess, @position,
                @position, true, @on, 'open', 0, 0, 0, CASE WHEN @said THEN @merchant END,
                CASE WHEN @said THEN @reference END, CASE WHEN @said THEN @order END,
                CASE WHEN @said THEN @order_reference END, CASE WHEN @told THEN @ours_minor END, @ordered)
            ON CONFLICT (difference_id) DO UPDATE SET theirs = excluded.theirs, ours = excluded.ours,
                currency = excluded.currency, excess_minor = excluded.excess_minor,
                left_minor = d.left_minor + excluded.left_minor, found_position = excluded.found_position,
                since_position = CASE WHEN {IsKept} THEN d.since_position ELSE excluded.found_position END,
                found = true, booked_on = excluded.booked_on,
                status = CASE WHEN {IsKept} THEN d.status ELSE 'open' END,
                proposal = CASE WHEN {IsKept} THEN d.proposal END,
                proposed = CASE WHEN {IsKept} THEN d.proposed END,
                proposed_reason = CASE WHEN {IsKept} THEN d.proposed_reason END,
                proposed_by = CASE WHEN {IsKept} THEN d.proposed_by END, merchant = excluded.merchant,
                reference = excluded.reference, order_number = excluded.order_number,
                order_reference = excluded.order_reference, ours_minor = excluded.ours_minor,
                ordered_minor = excluded.ordered_minor
            """,
            1,
            ("id", id), ("channel", e.Channel.Name()), ("day", e.Day.Date), ("class", e.Class), ("key", e.Key),
            ("field", e.Field), ("theirs", e.Theirs), ("ours", e.Ours),
            ("currency", Column.Name(e.Excess.Currency)), ("excess", e.Excess.MinorUnits), ("position", r.Position),
            ("on", on.Date), ("said", e.Line is not null), ("merchant", e.Line?.Merchant ?? ""),
            ("reference", e.Line?.Reference ?? ""), ("order", e.Line?.Order ?? ""),
            ("order_reference", e.Line?.OrderReference ?? ""), ("told", e.OurAmount is not null),
            ("ours_minor", e.OurAmount?.MinorUnits ?? 0),
            ("ordered", (object?)e.Ordered?.MinorUnits ?? DBNull.Value));
        yield return LifeChange.Step(
            r, id, e.Channel, on, "found", $"theirs {Said(e.Theirs)}, ours {Said(e.Ours)}", e.Excess, isOpen: true);
    }

    private static string Said(string text) => text.Length == 0 ? "nothing" : text;

    private static IEnumerable<Statement> TakenBack(Recorded<object> r, ReconciliationEvent.DifferenceTakenBack e)
    {
        var id = DifferenceId.Of(e.Channel, e.Day, e.Class, e.Key, e.Field).Value;
        yield return new(
            """
            UPDATE difference_life SET left_minor = left_minor - @excess, found = false WHERE difference_id = @id
            """,
            1, ("id", id), ("excess", e.Excess.MinorUnits));
        yield return LifeChange.Step(
            r, id, e.Channel, e.BookedOn ?? e.Day, "taken_back", "", -e.Excess, isOpen: false);
    }
}
