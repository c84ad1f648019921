namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

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

/// <summary>What of a channel's day is open. Amounts in minor units.</summary>
public sealed record OpenOfDayRow
{
    public required string Channel { get; init; }
    public required string Currency { get; init; }
    public required int Open { get; init; }

    /// <summary>What is in suspense for those by which the channel has more than we do.</summary>
    public required long OverMinor { get; init; }

    /// <summary>The same of those by which it has less; negative.</summary>
    public required long ShortMinor { get; init; }

    /// <summary>Where in the log the newest of them was found, or its closing undone.</summary>
    public required long LastFound { get; init; }
}

/// <summary>Which differences to look up; what is null does not matter.</summary>
/// <param name="Status">As in <see cref="DifferenceLifeRow.Status"/>; <c>live</c> for all that still need
/// somebody, <c>proposed</c> for all that wait for another person, closed ones too; <c>booked_twice</c> for
/// <see cref="DifferenceLifeRow.IsBookedTwice"/>.</param>
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
        SELECT d.*, p.status AS order_status, r.status AS refund_status, l.at AS our_time,
            CASE WHEN p.contradicted THEN p.amount_minor END AS contradicted_minor,
            (d.found AND d.status = 'closed' AND d.closed_by = 'people' AND d.class = 'only_at_channel'
                AND l.position > d.closed_position
                AND NOT EXISTS (SELECT FROM views.difference_life o JOIN views.difference_step s USING (difference_id)
                    WHERE o.channel = d.channel AND o.key = d.key AND o.found AND s.position > o.since_position
                        AND s.step = 'met' AND s.detail = d.key)
                AND NOT EXISTS (SELECT FROM views.reconciliation_carry c
                    WHERE c.channel = d.channel AND c.key = d.key AND c.taken_back_on IS NULL)
                AND EXISTS (SELECT FROM views.bill_import i WHERE i.channel = l.channel AND i.day = l.channel_day
                    AND i.kind = 'trade' AND i.superseded_at IS NULL AND i.differences IS NOT NULL
                    AND i.position < l.position)) IS TRUE AS is_booked_twice
        FROM views.difference_life d
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
            SELECT d.* FROM ({WithOrder}) d
            WHERE (@Status::text IS NULL OR d.found AND (
                    d.status = @Status OR @Status = 'live' AND d.status NOT IN ('closed', 'undone')
                    OR @Status IN ('live', 'proposed') AND d.proposal IS NOT NULL AND d.status <> 'carrying_out')
                    OR @Status = 'taken_back' AND NOT d.found OR @Status = 'booked_twice' AND d.is_booked_twice)
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

    /// <summary>Everything that these days' bills have, whatever people or rules have made of it since, with what that
    /// was about: <see cref="DifferenceLifeRow.InPlayMinor"/>. Without what has met by itself.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> Found(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<DifferenceLifeRow>(
        $"""
        SELECT f.*, CASE f.status WHEN 'closed' THEN -s.moved_minor WHEN 'held' THEN f.held_minor
            ELSE f.left_minor END AS in_play_minor
        FROM ({WithOrder} WHERE d.found AND d.day BETWEEN @from AND @to) f
        LEFT JOIN views.difference_step s ON s.position = f.closed_position
        WHERE f.status <> 'closed' OR f.closed_by <> 'met' ORDER BY f.day, f.difference_id
        """,
        new { from = from.Date, to = to.Date }, cancellation);

    /// <summary>What of a day's differences waits for somebody, channel by channel. What is held (挂账) does not: two
    /// persons have put it off.</summary>
    public Task<IReadOnlyList<OpenOfDayRow>> OpenOfDay(BusinessDay day, CancellationToken cancellation) =>
        views.List<OpenOfDayRow>(
            """
            SELECT channel, min(currency) AS currency, count(*)::int AS open,
                coalesce(sum(left_minor) FILTER (WHERE left_minor > 0), 0)::bigint AS over_minor,
                coalesce(sum(left_minor) FILTER (WHERE left_minor < 0), 0)::bigint AS short_minor,
                max(greatest(found_position, (SELECT max(s.position) FROM views.difference_step s
                    WHERE s.difference_id = d.difference_id AND s.step = 'reopened'))) AS last_found
            FROM views.difference_life d
            WHERE day = @day AND found AND status IN ('open', 'proposed', 'carrying_out')
            GROUP BY channel ORDER BY channel
            """,
            new { day = day.Date }, cancellation);

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
            WHERE s.day = @day AND s.step NOT IN ('found', 'taken_back', 'kept') AND s.is_open IS NOT NULL
            ORDER BY s.channel, s.position
            """,
            new { day = day.Date }, cancellation);
}
