using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>What an event of a difference's life does to its row, and the step that it is.</summary>
internal static class LifeChange
{
    private const string Unasked = "proposal = NULL, proposed = NULL, proposed_reason = NULL, proposed_by = NULL";
    private const string Unclosed =
        "remedy = NULL, approved_by = NULL, closed_by = NULL, closed_with = NULL, rule = NULL, rule_version = NULL, "
        + "closed_on = NULL, closed_position = NULL, owner = NULL, due = NULL, held_minor = 0";

    public static IEnumerable<Statement> Of(Recorded<object> r, DifferenceEvent @event) => @event switch
    {
        DifferenceEvent.Opened e => [Kept(r, e), Opened(r, e)],
        DifferenceEvent.Proposed e => Asked(
            r, e.Proposal, NameOf(e.Remedy), DifferenceLifeRow.Said(e.Remedy), e.Reason, e.By, e.At),
        DifferenceEvent.ReversalProposed e => Asked(
            r, e.Proposal, "reverse", "reverse", e.Reason, e.By, e.At),
        DifferenceEvent.Rejected e => Ended(r, "rejected", e.Reason, e.By, e.At),
        DifferenceEvent.Withdrawn e => Ended(r, "withdrawn", e.Reason, e.By, e.At),
        DifferenceEvent.Approved e => [
            Row(r, "status = 'carrying_out'"), Step(r, e.At, "approved", e.By, "")],
        DifferenceEvent.NotCarriedOut e => [
            Row(r, $"status = 'open', {Unasked}"), Step(r, e.At, "not_carried_out", r.Metadata.Actor, e.Reason)],
        DifferenceEvent.Closed e => Closed(r, e),
        DifferenceEvent.Met e => Met(r, e),
        DifferenceEvent.Matched e => Matched(r, e),
        DifferenceEvent.Reopened e => Reopened(r, e),
        DifferenceEvent.Undone e => [
            Money(
                r, $"""
                status = 'undone', {Unasked}, {Unclosed}, refund_number = NULL, refund_owed_minor = 0,
                    former = coalesce(nullif(@former, ''), former)
                """,
                e.Shares, ("former", FormerOf(e))),
            .. AwaitedAgain(r, e.Shares),
            Step(r, "undone", e.Channel, e.Day, e.Reason, e.Shares, isOpen: false)],
        _ => throw new InvalidDataException($"Differences have no row for {@event}."),
    };

    /// <summary>A step of which the channel and the day on which it counts are known.</summary>
    public static Statement Step(
        Recorded<object> r, string id, Channel channel, BusinessDay day, string step, string detail, Money moved,
        bool? isOpen) => new(
        """
        INSERT INTO difference_step
            (position, difference_id, channel, day, step, actor, detail, currency, moved_minor, is_open)
        VALUES (@position, @id, @channel, @day, @step, @actor, @detail, @currency, @moved,
            CASE @open WHEN 'yes' THEN true WHEN 'no' THEN false END)
        """,
        1,
        ("position", r.Position), ("id", id), ("channel", channel.Name()), ("day", day.Date), ("step", step),
        ("actor", r.Metadata.Actor), ("detail", detail), ("currency", Column.Name(moved.Currency)),
        ("moved", moved.MinorUnits), ("open", isOpen is { } open ? open ? "yes" : "no" : ""));

    private static Statement Step(
        Recorded<object> r, string step, Channel channel, BusinessDay day, string detail,
        ValueList<SuspenseShare> shares, bool? isOpen) =>
        Step(r, r.Stream.Id, channel, day, step, detail, -Sum(shares), isOpen);

    // A step that moves nothing takes channel and currency from the row.
    private static Statement Step(
        Recorded<object> r, DateTimeOffset at, string step, string actor, string detail) => new(
        """
        INSERT INTO difference_step
            (position, difference_id, channel, day, step, actor, detail, currency, moved_minor, is_open)
        SELECT @position, difference_id, channel, @day, @step, @actor, @detail, currency, 0, NULL
        FROM difference_life WHERE difference_id = @id
        """,
        1,
        ("position", r.Position), ("id", r.Stream.Id), ("day", BusinessDay.Of(at).Date), ("step", step),
        ("actor", actor), ("detail", detail));

    // Found again as it was: it goes on as people left it.
    private static Statement Kept(Recorded<object> r, DifferenceEvent.Opened e) => new(
        """
        INSERT INTO difference_step
            (position, difference_id, channel, day, step, actor, detail, currency, moved_minor, is_open)
        SELECT @position, difference_id, channel, booked_on, 'kept', @actor, '', currency, 0,
            status NOT IN ('closed', 'held')
        FROM difference_life
        WHERE difference_id = @id AND life_position IS NOT NULL AND life_position < @found AND status <> 'undone'
        """,
        -1, ("position", r.Position), ("id", r.Stream.Id), ("actor", r.Metadata.Actor), ("found", e.Position));

    private static Statement Opened(Recorded<object> r, DifferenceEvent.Opened e) => new(
        """
        UPDATE difference_life SET version = CASE WHEN life_position IS NULL THEN 0 ELSE version + 1 END,
            life_position = @found,
            since_position = CASE WHEN life_position IS NULL OR status = 'undone' THEN @found ELSE since_position END,
            status = CASE status WHEN 'undone' THEN 'open' ELSE status END
        WHERE difference_id = @id
        """,
        1, ("id", r.Stream.Id), ("found", e.Position));

    private static string FormerOf(DifferenceEvent.Undone e) =>
        e.Reason.Contains(DifferenceRules.UndoesClosing, StringComparison.Ordinal) ? e.Reason : "";

    private static Statement[] Asked(
        Recorded<object> r, int proposal, string what, string said, string reason, string by, DateTimeOffset at) => [
        Row(
            r, """
            status = CASE status WHEN 'open' THEN 'proposed' ELSE status END, proposal = @proposal, proposed = @what,
                proposed_reason = @reason, proposed_by = @by
            """, ("proposal", proposal), ("what", what), ("reason", reason), ("by", by)),
        Step(r, at, "proposed", by, $"{said}: {reason}")];

    private static Statement[] Ended(Recorded<object> r, string step, string reason, string by, DateTimeOffset at) => [
        Row(r, $"status = CASE status WHEN 'proposed' THEN 'open' ELSE status END, {Unasked}"),
        Step(r, at, step, by, reason)];

    private static Statement[] Closed(Recorded<object> r, DifferenceEvent.Closed e)
    {
        long Of(RemedyKind kind) => e.Remedy.Kind == kind ? Sum(e.Shares).MinorUnits : 0;
        return [
            Money(
                r, $"""
                {Unasked}, status = @status, former = NULL, remedy = @remedy, approved_by = @by, closed_by = 'people',
                    closed_with = NULL, rule = NULL, rule_version = NULL, closed_on = @on, closed_position = @position,
                    owner = nullif(@owner, ''), due = nullif(@due, '')::date, refund_number = nullif(@refund, ''),
                    refund_owed_minor = @owed, held_minor = @held
                """, e.Shares,
                ("status", e.Remedy.Kind is RemedyKind.Hold ? "held" : "closed"), ("remedy", NameOf(e.Remedy)),
                ("by", e.By), ("on", e.Day.Date), ("position", r.Position), ("owner", e.Remedy.Owner ?? ""),
                ("due", e.Remedy.Due is { } due ? $"{due}" : ""), ("refund", e.Remedy.RefundNumber ?? ""),
                ("owed", Of(RemedyKind.Refund)), ("held", Of(RemedyKind.Hold))),
            Step(
                r, "closed", e.Channel, e.Day, $"{DifferenceLifeRow.Said(e.Remedy)} approved by {e.By}", e.Shares,
                isOpen: false)];
    }

    private static Statement[] Met(Recorded<object> r, DifferenceEvent.Met e) => [
        Money(
            r, $"""
            {Unasked}, status = CASE WHEN @all THEN 'closed' ELSE 'open' END, closed_by = 'met', closed_with = @with,
                remedy = NULL, approved_by = NULL, closed_on = @on, closed_position = @position
            """, e.Shares,
            ("all", e.Left.IsZero), ("with", e.With), ("on", e.Day.Date), ("position", r.Position)),
        .. Repaid(e.With, e.Shares),
        Step(r, "met", e.Channel, e.Day, e.With, e.Shares, isOpen: !e.Left.IsZero)];

    private static Statement[] Matched(Recorded<object> r, DifferenceEvent.Matched e) => [
        Money(
            r, $"""
            {Unasked}, status = 'closed', closed_by = 'rule', closed_with = @with, rule = @rule,
                rule_version = @version, remedy = NULL, approved_by = NULL, closed_on = @on,
                closed_position = @position
            """, e.Shares,
            ("with", string.Join(' ', e.With)), ("rule", e.Rule), ("version", e.RuleVersion), ("on", e.Day.Date),
            ("position", r.Position)),
        Step(r, "matched", e.Channel, e.Day, $"{e.Rule} v{e.RuleVersion}", e.Shares, isOpen: false)];

    private static Statement[] Reopened(Recorded<object> r, DifferenceEvent.Reopened e) => [
        Money(
            r, $"status = 'open', {Unasked}, {Unclosed}, refund_number = NULL, refund_owed_minor = 0", e.Shares),
        .. Repaid(e.With, e.Shares),
        Step(r, "reopened", e.Channel, e.Day, e.Reason, e.Shares, isOpen: true)];

    // The row of a refund that a bill shows lowers what is awaited of the refund it was for.
    private static IEnumerable<Statement> Repaid(string with, ValueList<SuspenseShare> shares)
    {
        var paid = shares.Where(share => share.To.Kind is AccountKind.PayerRefund).ToList();
        if (paid.Count > 0 && with.Split(" of difference ") is [_, var id])
            yield return new(
                "UPDATE difference_life SET refund_owed_minor = refund_owed_minor + @paid WHERE difference_id = @id",
                -1, ("id", id), ("paid", paid.Sum(share => share.Amount.MinorUnits)));
    }

    // A refund whose row is gone from the bill is awaited again.
    private static IEnumerable<Statement> AwaitedAgain(Recorded<object> r, ValueList<SuspenseShare> shares)
    {
        var paid = shares.Where(share => share.To.Kind is AccountKind.PayerRefund).ToList();
        if (paid.Count > 0)
            yield return new(
                """
                UPDATE difference_life SET refund_owed_minor = refund_owed_minor + @paid WHERE difference_id = (
                    SELECT split_part(detail, ' ', -1) FROM difference_step
                    WHERE difference_id = @id AND step = 'met' AND detail LIKE 'refund %'
                    ORDER BY position DESC LIMIT 1)
                """,
                -1, ("id", r.Stream.Id), ("paid", paid.Sum(share => share.Amount.MinorUnits)));
    }

    private static Statement Money(
        Recorded<object> r, string set, ValueList<SuspenseShare> shares, params (string, object)[] parameters) =>
        Row(r, $"left_minor = left_minor - @given, {set}", [.. parameters, ("given", Sum(shares).MinorUnits)]);

    private static Statement Row(Recorded<object> r, string set, params (string, object)[] parameters) => new(
        $"UPDATE difference_life SET version = version + 1, {set} WHERE difference_id = @id",
        1, [.. parameters, ("id", r.Stream.Id)]);

    private static Money Sum(ValueList<SuspenseShare> shares) => shares is []
        ? Ledger.Money.Zero(Currency.CNY)
        : shares.Skip(1).Aggregate(shares[0].Amount, (sum, share) => sum + share.Amount);

    // For a step, which outlives the proposal: the action and what was filled in for it.
    private static string NameOf(Remedy remedy) => JsonSerializer.Serialize(remedy, EventJson.Options);
}
