using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>How one channel's day was reconciled.</summary>
public sealed record ReconciliationRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }

    /// <summary>False when the channel has no bill of the day.</summary>
    public bool HasFile => Sha256 != BillInPlace.NothingSha256;
    public required int BillRows { get; init; }
    public required string Currency { get; init; }
    public required long PaidMinor { get; init; }
    public required long RefundedMinor { get; init; }
    public required long FeeMinor { get; init; }
    public required string Status { get; init; }
    public required int Matched { get; init; }
    public required int Differences { get; init; }
    public required int CarriedOver { get; init; }
    public required int CarriedArrived { get; init; }
    public required long TheirNetMinor { get; init; }

    /// <summary>What the channel pays with the day; null where that is its net.</summary>
    public long? TheirPaidMinor { get; init; }

    public required long OurNetMinor { get; init; }

    /// <summary>The day that takes what its comparison books: its own, or a later one when that was closed.</summary>
    public required BusinessDay BookedOn { get; init; }

    /// <summary>What the channel paid into the bank for the day; null when nothing has arrived.</summary>
    public long? FundsMinor { get; init; }
}

/// <summary>One difference with a channel.</summary>
public sealed record DifferenceRow
{
    public required long Position { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Class { get; init; }
    public required string Key { get; init; }
    public required string Field { get; init; }
    public required string Theirs { get; init; }
    public required string Ours { get; init; }
    public required string Currency { get; init; }
    public required long ExcessMinor { get; init; }

    /// <summary>The day on which it was booked: its own, or a later one when that was closed.</summary>
    public required BusinessDay BookedOn { get; init; }

    /// <summary>The day on which a corrected file took it back; null while it stands.</summary>
    public BusinessDay? TakenBackOn { get; init; }
}

/// <summary>A line that the cut-off explains, until its other side arrives.</summary>
public sealed record CarryRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Key { get; init; }
    public required string Side { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public BusinessDay? MetDay { get; init; }
}

/// <summary>Looks up reconciliations and their differences.</summary>
public sealed class ReconciliationQueries(ViewDatabase views)
{
    public Task<ReconciliationRow?> Find(Channel channel, BusinessDay day, CancellationToken cancellation) =>
        views.One<ReconciliationRow>(
            "SELECT * FROM views.reconciliation WHERE channel = @channel AND day = @day",
            new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>The day's bills that were compared while it was open, each as it stood when the day was
    /// closed.</summary>
    public Task<IReadOnlyList<ReconciliationRow>> OfDay(BusinessDay day, CancellationToken cancellation) =>
        views.List<ReconciliationRow>(
            "SELECT * FROM views.reconciliation WHERE day = @day AND booked_on = @day ORDER BY channel",
            new { day = day.Date }, cancellation);

    /// <summary>The differences of a day that stand: no corrected file has taken them back.</summary>
    public Task<IReadOnlyList<DifferenceRow>> Differences(BusinessDay day, CancellationToken cancellation) =>
        views.List<DifferenceRow>(
            """
            SELECT * FROM views.difference WHERE day = @day AND taken_back_on IS NULL ORDER BY channel, position
            """,
            new { day = day.Date }, cancellation);

    /// <summary>Every difference that the day's books took or gave back, of whichever day it is.</summary>
    public Task<IReadOnlyList<DifferenceRow>> DifferencesBooked(BusinessDay on, CancellationToken cancellation) =>
        views.List<DifferenceRow>(
            """
            SELECT * FROM views.difference
            WHERE (booked_on = @on OR taken_back_on = @on) AND booked_on IS DISTINCT FROM taken_back_on
            ORDER BY channel, position
            """,
            new { on = on.Date }, cancellation);

    /// <summary>What a day carried to the next one, and what it met of the day before.</summary>
    public Task<IReadOnlyList<CarryRow>> Carries(BusinessDay day, CancellationToken cancellation) =>
        views.List<CarryRow>(
            """
            SELECT channel, day, key, side, currency, amount_minor, met_day FROM views.reconciliation_carry
            WHERE (day = @day OR met_day = @day) AND taken_back_on IS NULL ORDER BY channel, position
            """,
            new { day = day.Date }, cancellation);

    /// <summary>The same as it was booked on a day, its own or a later one: corrections that came after that are not
    /// in it.</summary>
    public Task<IReadOnlyList<CarryRow>> CarriesBooked(
        BusinessDay day, BusinessDay on, CancellationToken cancellation) =>
        views.List<CarryRow>(
            """
            SELECT channel, day, key, side, currency, amount_minor, met_day FROM views.reconciliation_carry
            WHERE (day = @day AND booked_on = @on OR met_day = @day AND met_on = @on)
                AND (taken_back_on IS NULL OR taken_back_on > @on)
            ORDER BY channel, position
            """,
            new { day = day.Date, on = on.Date }, cancellation);

    /// <summary>What a day carried and another day's bill has ended.</summary>
    public Task<IReadOnlyList<CarryRow>> SettledCarries(
        Channel channel, BusinessDay day, CancellationToken cancellation) => views.List<CarryRow>(
        """
        SELECT channel, day, key, side, currency, amount_minor, met_day FROM views.reconciliation_carry
        WHERE channel = @channel AND day = @day AND met_day IS NOT NULL AND taken_back_on IS NULL ORDER BY position
        """,
        new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>What other days carried and no other bill has met: those that this day met belong to it still, so that
    /// a run which was killed half way compares the same again.</summary>
    public Task<IReadOnlyList<CarryRow>> OpenCarries(
        Channel channel, BusinessDay day, CancellationToken cancellation) => views.List<CarryRow>(
        """
        SELECT channel, day, key, side, currency, amount_minor, met_day FROM views.reconciliation_carry
        WHERE channel = @channel AND day <> @day AND (met_day IS NULL OR met_day = @day) AND taken_back_on IS NULL
        ORDER BY position
        """,
        new { channel = channel.Name(), day = day.Date }, cancellation);
}
