namespace Jifu.Ledger.Reconciliation;

/// <summary>Everything that can happen when a channel's day is reconciled (对账).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record ReconciliationEvent
{
    private ReconciliationEvent() { }

    /// <summary>A bill was read whole, with totals that tie out. The file itself is kept under its SHA-256.</summary>
    public sealed record BillImported(
        Channel Channel, BusinessDay Day, string FileName, string Sha256, int Rows, Money PaidTotal,
        Money RefundedTotal, Money FeeTotal, DateTimeOffset At) : ReconciliationEvent;

    /// <summary>A difference, with what suspense (挂账) takes for it. Moves money.</summary>
    /// <param name="Class">Its class: <c>only_at_channel</c> (长款), <c>only_with_us</c> (短款),
    /// <c>amount_differs</c> …</param>
    /// <param name="Key">What it is about: kind and order or refund number.</param>
    /// <param name="Excess">What the channel owes us beyond our books; negative when it owes less.</param>
    public sealed record DifferenceFound(
        Channel Channel, BusinessDay Day, string Class, string Key, string Field, string Theirs, string Ours,
        Money Excess)
        : ReconciliationEvent;

    /// <summary>A line of ours that the cut-off explains: expected in the next day's bill (跨日).
    /// Moves nothing.</summary>
    public sealed record Carried(Channel Channel, BusinessDay Day, string Key, Money Amount, string Side)
        : ReconciliationEvent;

    /// <summary>A carried line is awaited no longer: it was met by its other side, or the next bill lacks it too and
    /// a difference says so.</summary>
    public sealed record CarriedMet(Channel Channel, BusinessDay Day, string Key) : ReconciliationEvent;

    /// <summary>The comparison is complete.</summary>
    public sealed record Completed(
        Channel Channel, BusinessDay Day, int Matched, int Differences, int CarriedOver, int CarriedArrived,
        Money TheirNet, Money OurNet, DateTimeOffset At) : ReconciliationEvent;

    /// <summary>The channel's money for the day is in the bank. Moves money.</summary>
    /// <param name="AdvanceRepaid">The part that we had already paid out as T+0 advance.</param>
    public sealed record FundsReceived(
        Channel Channel, BusinessDay Day, Money Amount, Money AdvanceRepaid, string BankReference, DateTimeOffset At)
        : ReconciliationEvent;
}
