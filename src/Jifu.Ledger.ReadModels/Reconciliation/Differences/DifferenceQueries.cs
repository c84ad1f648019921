using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>One difference as it stands, with what else is known of its number. Amounts in minor units.</summary>
public sealed record DifferenceLifeRow
{
    public required string DifferenceId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Class { get; init; }
    public required string Key { get; init; }
    public required string Field { get; init; }
    public required string Theirs { get; init; }
    public required string Ours { get; init; }
    public required string Currency { get; init; }
    public required long ExcessMinor { get; init; }
    public required long LeftMinor { get; init; }
    public required long FoundPosition { get; init; }
    public required bool Found { get; init; }

    /// <summary><c>open proposed carrying_out held closed undone</c>; of what is not found any more,
    /// <see cref="Found"/> tells first.</summary>
    public required string Status { get; init; }
    public required int Version { get; init; }
    public int? Proposal { get; init; }

    /// <summary>What was proposed: a remedy as JSON, or <c>reverse</c>.</summary>
    public string? Proposed { get; init; }
    public string? ProposedReason { get; init; }
    public string? ProposedBy { get; init; }

    /// <summary>What people closed it by, as JSON.</summary>
    public string? Remedy { get; init; }
    public string? ApprovedBy { get; init; }

    /// <summary><c>people</c>, <c>met</c> or <c>rule</c>; of one that is open, the last that freed a part.</summary>
    public string? ClosedBy { get; init; }
    public string? ClosedWith { get; init; }

    /// <summary>The same without this one, which a rule took too; null when it took no other.</summary>
    public string? WithOthers => ClosedBy != "rule" ? ClosedWith
        : string.Join(' ', ClosedWith!.Split(' ').Where(id => id != DifferenceId)) is { Length: > 0 } others ? others
        : null;

    public string? Rule { get; init; }
    public int? RuleVersion { get; init; }
    public BusinessDay? ClosedOn { get; init; }
    public long? ClosedPosition { get; init; }
    public string? Owner { get; init; }
    public BusinessDay? Due { get; init; }

    /// <summary>What stands in <c>difference_held</c> for it.</summary>
    public long HeldMinor { get; init; }
    public string? RefundNumber { get; init; }
    public required long RefundOwedMinor { get; init; }

    /// <summary>What its lines say besides, as <see cref="LineFacts"/>; null where no event has noted it.</summary>
    public string? Merchant { get; init; }
    public string? Reference { get; init; }
    public string? OrderNumber { get; init; }
    public string? OrderReference { get; init; }

    /// <summary>What our side says; null where it says no amount, or no event has noted it.</summary>
    public long? OursMinor { get; init; }

    /// <summary>What the bill says was ordered, where it settles less; otherwise null.</summary>
    public long? OrderedMinor { get; init; }

    /// <summary>True for one that a rule had closed before; told of the live ones of a channel only.</summary>
    public bool WasMatched { get; init; }

    /// <summary>How our payment of that number stands; null when we have none.</summary>
    public string? OrderStatus { get; init; }

    /// <summary>How our refund of that number stands; null when we have none.</summary>
    public string? RefundStatus { get; init; }

    /// <summary>When our line of that number happened; null when we have none.</summary>
    public DateTimeOffset? OurTime { get; init; }

    /// <summary>What advice needs to know besides the difference itself.</summary>
    public DifferenceContext Context(int ageDays) => new(
        OrderStatus, OurTime, ageDays, RefundStatus, Status == "held");

    public Finding Finding => new(
        ChannelNames.Parse(Channel), Day, Class, Key, Field, Theirs, Ours, Minor(ExcessMinor), FoundPosition, Line,
        OursMinor is { } minor ? Minor(minor) : null, OrderedMinor is { } ordered ? Minor(ordered) : null);

    private LineFacts? Line =>
        Merchant is null ? null : new(Merchant, Reference!, OrderNumber!, OrderReference!);

    /// <summary>With what its next closing would move: a hold counts as if it had ended.</summary>
    public OpenDifference Open => new(Finding, Minor(Status == "held" ? HeldMinor : LeftMinor));

    public Money Minor(long minorUnits) => new(minorUnits, Enum.Parse<Currency>(Currency));

    /// <summary>A remedy as this row has it.</summary>
    public static Remedy RemedyOf(string json) => JsonSerializer.Deserialize<Remedy>(json, EventJson.Options)!;

    /// <summary>A remedy in a few words, with which the step that proposes it begins.</summary>
    public static string Said(Remedy remedy) => SnakeCase.Of($"{remedy.Kind}")
        + (remedy.To is { } to ? $" to {to}" : "")
        + (remedy.Moves is { } moves ? $" {moves}" : "")
        + (string.IsNullOrEmpty(remedy.Owner) ? "" : $" by {remedy.Owner}")
        + (remedy.Due is { } due ? $" until {due}" : "")
        + (remedy.RefundNumber is { Length: > 0 } number ? $" as {number}" : "");
}

/// <summary>One thing that happened to a difference.</summary>
public sealed record DifferenceStepRow
{
    public required long Position { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Step { get; init; }
    public required string Actor { get; init; }
    public required string Detail { get; init; }
    public required string Currency { get; init; }
    public required long MovedMinor { get; init; }
}

/// <summary>Which differences to look up; what is null does not matter.</summary>
/// <param name="Status">As in <see cref="DifferenceLifeRow.Status"/>; <c>live</c> for all that still need
/// somebody, <c>proposed</c> for all that wait for another person, closed ones too.</param>
/// <param name="FoundBefore">Only those of an earlier day: older than so many days.</param>
/// <param name="After">The id after which the list goes on.</param>
public sealed record DifferenceFilter(
    string? Status = null, string? Channel = null, string? Class = null, BusinessDay? Day = null,
    BusinessDay? FoundBefore = null, string? After = null, int CountMax = 1000);

/// <summary>Looks up differences and their lives.</summary>
public sealed class DifferenceQueries(ViewDatabase views)
{
    /// <summary>Those whose supplement was approved and has no end yet.</summary>
    public Task<IReadOnlyList<string>> CarryingOut(CancellationToken cancellation) => views.List<string>(
        "SELECT difference_id FROM views.difference_life WHERE status = 'carrying_out' AND found ORDER BY 1", null,
        cancellation);

    private const string WithOrder =
        """
        SELECT d.*, p.status AS order_status, r.status AS refund_status, l.at AS our_time FROM views.difference_life d
        LEFT JOIN views.payment p ON p.payment_id = split_part(split_part(d.key, ':', 2), '.', 1)
        LEFT JOIN views.refund r ON r.payment_id = p.payment_id
            AND d.key = 'refund:' || r.payment_id || '.' || r.refund_no
        LEFT JOIN views.channel_line l ON l.channel = d.channel AND l.number = split_part(d.key, ':', 2)
            AND l.kind = split_part(d.key, ':', 1)
        """;

    public Task<DifferenceLifeRow?> Find(string id, CancellationToken cancellation) =>
        views.One<DifferenceLifeRow>($"{WithOrder} WHERE d.difference_id = @id", new { id }, cancellation);

    /// <summary>By day, then id.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> List(DifferenceFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return views.List<DifferenceLifeRow>(
            $"""
            {WithOrder}
            WHERE (@Status::text IS NULL OR d.found AND (
                    d.status = @Status OR @Status = 'live' AND d.status NOT IN ('closed', 'undone')
                    OR @Status IN ('live', 'proposed') AND d.proposal IS NOT NULL AND d.status <> 'carrying_out')
                    OR @Status = 'taken_back' AND NOT d.found)
                AND (@Channel::text IS NULL OR d.channel = @Channel) AND (@Class::text IS NULL OR d.class = @Class)
                AND (@day::date IS NULL OR d.day = @day) AND (@before::date IS NULL OR d.day <= @before)
                AND (@After::text IS NULL OR (d.day, d.difference_id) > (
                    SELECT o.day, o.difference_id FROM views.difference_life o WHERE o.difference_id = @After))
            ORDER BY d.day, d.difference_id LIMIT @CountMax
            """,
            new
            {
                filter.Status, filter.Channel, filter.Class, day = filter.Day?.Date,
                before = filter.FoundBefore?.Date, filter.After, filter.CountMax,
            },
            cancellation);
    }

    /// <summary>What was in suspense at the end of a business day, with what was left of each then; by day found, then
    /// id.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> OpenAsOf(BusinessDay day, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            WITH at_end AS (
                SELECT difference_id, sum(moved_minor)::bigint AS left_minor,
                    (array_agg(is_open ORDER BY position DESC) FILTER (WHERE is_open IS NOT NULL))[1] AS is_open
                FROM views.difference_step WHERE day <= @day GROUP BY difference_id)
            SELECT d.difference_id, d.channel, d.day, d.class, d.key, d.field, d.theirs, d.ours, d.currency,
                d.excess_minor, t.left_minor, d.found_position, d.found, d.status, d.version, d.refund_owed_minor
            FROM at_end t JOIN views.difference_life d USING (difference_id)
            WHERE t.is_open OR t.left_minor <> 0 ORDER BY d.day, d.difference_id
            """,
            new { day = day.Date }, cancellation);

    /// <summary>Everything that these days' bills have, whatever became of it.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> Found(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<DifferenceLifeRow>(
        """
        SELECT * FROM views.difference_life WHERE found AND day BETWEEN @from AND @to ORDER BY day, difference_id
        """,
        new { from = from.Date, to = to.Date }, cancellation);

    public Task<IReadOnlyList<DifferenceStepRow>> Steps(string id, CancellationToken cancellation) =>
        views.List<DifferenceStepRow>(
            """
            SELECT position, day, step, actor, detail, currency, moved_minor FROM views.difference_step
            WHERE difference_id = @id ORDER BY position
            """,
            new { id }, cancellation);

    /// <summary>The rows of bills that have met a refund of this difference, whatever came of it since: their own
    /// streams tell whether they still do.</summary>
    public Task<IReadOnlyList<string>> RowsOfRefund(string id, CancellationToken cancellation) => views.List<string>(
        """
        SELECT DISTINCT difference_id FROM views.difference_step
        WHERE step = 'met' AND split_part(detail, ' ', -1) = @id AND detail LIKE 'refund %'
        """,
        new { id }, cancellation);

    /// <summary>What a business day has freed of suspense after finding it, or taken back: each step that moved
    /// money.</summary>
    public Task<IReadOnlyList<MovedStep>> Moved(BusinessDay day, CancellationToken cancellation) =>
        views.List<MovedStep>(
            """
            SELECT s.position, s.step, s.detail, s.moved_minor, d.difference_id, d.channel, d.day, d.class, d.key,
                d.field, d.theirs, d.ours, d.currency
            FROM views.difference_step s JOIN views.difference_life d USING (difference_id)
            WHERE s.day = @day AND s.step NOT IN ('found', 'taken_back') AND s.is_open IS NOT NULL
            ORDER BY s.channel, s.position
            """,
            new { day = day.Date }, cancellation);
}

/// <summary>What one step moved, and about which difference.</summary>
public sealed record MovedStep
{
    public required string Step { get; init; }
    public required string Detail { get; init; }
    public required long MovedMinor { get; init; }
    public required string DifferenceId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Class { get; init; }
    public required string Key { get; init; }
    public required string Field { get; init; }
    public required string Theirs { get; init; }
    public required string Ours { get; init; }
    public required string Currency { get; init; }
}
