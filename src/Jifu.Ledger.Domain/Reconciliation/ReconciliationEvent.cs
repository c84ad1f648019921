using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Reconciliation;

/// <summary>Everything that can happen when a channel's day is reconciled (对账).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record ReconciliationEvent
{
    private ReconciliationEvent() { }

    /// <summary>A bill was read whole, with totals that tie out. The file itself is kept under its SHA-256.</summary>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="NoBill">How it is known that the channel has no bill of the day, which then counts as an empty one,
    /// with <see cref="BillInPlace.NothingSha256"/> and no file; null for a bill.</param>
    public sealed record BillImported(
        Channel Channel, BusinessDay Day, string FileName, string Sha256, int Rows, Money PaidTotal,
        Money RefundedTotal, Money FeeTotal, DateTimeOffset At, BusinessDay? BookedOn = null, string? NoBill = null)
        : ReconciliationEvent;

    /// <summary>A corrected bill takes the place of the day's bill. What the old one told and the new one does not is
    /// taken back next; what both tell stays as it is.</summary>
    /// <param name="OldSha256">The bill whose place it takes.</param>
    /// <param name="Reason">Why, in the words of whoever brought it.</param>
    /// <param name="BookedOn">The open day that takes the entries of this correction, because <paramref name="Day"/> is
    /// closed and never changes; null when they count on the day itself.</param>
    public sealed record BillSuperseded(
        Channel Channel, BusinessDay Day, string FileName, string Sha256, string OldSha256, string Reason, int Rows,
        Money PaidTotal, Money RefundedTotal, Money FeeTotal, DateTimeOffset At, BusinessDay? BookedOn = null)
        : ReconciliationEvent;

    /// <summary>A difference, with what suspense (挂账) takes for it. Moves money.</summary>
    /// <param name="Class">Its class: <c>only_at_channel</c> (长款), <c>only_with_us</c> (短款),
    /// <c>amount_differs</c> …</param>
    /// <param name="Key">What it is about: kind and order or refund number.</param>
    /// <param name="Excess">What the channel owes us beyond our books; negative when it owes less.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="Line">What else its lines say; null when there is no line, or nobody noted it yet.</param>
    /// <param name="OurAmount">The amount that <paramref name="Ours"/> tells people; null when it tells none, or nobody
    /// noted it yet.</param>
    /// <param name="Ordered">What the bill says was ordered, of a refund was asked back, where it settles less because
    /// of the merchant's own coupons; otherwise null.</param>
    public sealed record DifferenceFound(
        Channel Channel, BusinessDay Day, string Class, string Key, string Field, string Theirs, string Ours,
        Money Excess, BusinessDay? BookedOn = null, LineFacts? Line = null, Money? OurAmount = null,
        Money? Ordered = null)
        : ReconciliationEvent;

    /// <summary>A difference that a corrected file does not tell any more: a counter-entry gives back what suspense
    /// took for it. Moves money.</summary>
    /// <param name="Excess">What <see cref="DifferenceFound"/> said.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    public sealed record DifferenceTakenBack(
        Channel Channel, BusinessDay Day, string Class, string Key, string Field, Money Excess,
        BusinessDay? BookedOn = null)
        : ReconciliationEvent;

    /// <summary>A line of ours that the cut-off explains: expected in the next day's bill (跨日).
    /// Moves nothing.</summary>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    public sealed record Carried(
        Channel Channel, BusinessDay Day, string Key, Money Amount, string Side, BusinessDay? BookedOn = null)
        : ReconciliationEvent;

    /// <summary>A line that the day's corrected bill explains otherwise: nothing is carried any more.</summary>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    public sealed record CarriedTakenBack(
        Channel Channel, BusinessDay Day, string Key, BusinessDay? BookedOn = null) : ReconciliationEvent;

    /// <summary>A carried line is awaited no longer: it was met by its other side, or the next bill lacks it too and
    /// a difference says so.</summary>
    public sealed record CarriedMet(Channel Channel, BusinessDay Day, string Key) : ReconciliationEvent;

    /// <summary>The comparison with the day's bill, or with the one that took its place, is complete.</summary>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="TheirPaid">What the channel pays with the day, where that is not <paramref name="TheirNet"/>: fees
    /// are settled apart, or a part goes to somebody else; otherwise null.</param>
    public sealed record Completed(
        Channel Channel, BusinessDay Day, int Matched, int Differences, int CarriedOver, int CarriedArrived,
        Money TheirNet, Money OurNet, DateTimeOffset At, BusinessDay? BookedOn = null, Money? TheirPaid = null)
        : ReconciliationEvent;

    /// <summary>A fund flow (资金账单) of the day was read whole, with totals that tie out; the first of its accounts, or
    /// one that takes another's place. The file itself is kept under its SHA-256.</summary>
    /// <param name="In">What came into our accounts with the channel.</param>
    /// <param name="Out">What went out of them, positive.</param>
    /// <param name="OldSha256">The fund flow whose place it takes; null for the first.</param>
    /// <param name="Reason">Why it takes that place.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="Accounts">Of which accounts it is; null for the usual one, whose name is empty.</param>
    public sealed record FundFlowImported(
        Channel Channel, BusinessDay Day, string FileName, string Sha256, int Rows, Money In, Money Out,
        DateTimeOffset At, string? OldSha256 = null, string? Reason = null, BusinessDay? BookedOn = null,
        ValueList<string>? Accounts = null)
        : ReconciliationEvent;

    /// <summary>Very many trades are awaited by the check that is told next: some of them.</summary>
    /// <param name="Before">How many of them were told before this; with zero they begin anew.</param>
    /// <param name="Awaited">As in <see cref="FundFlowChecked"/>.</param>
    public sealed record FundsAwaited(
        Channel Channel, BusinessDay Day, int Before, ValueList<AwaitedMoney> Awaited) : ReconciliationEvent;

    /// <summary>The day's fund flow was held against its trade bill. Its gaps are differences, found before this.
    /// </summary>
    /// <param name="Withdrawn">What left for our bank.</param>
    /// <param name="Awaited">Trades whose money may stand in the next day's fund flow.</param>
    /// <param name="BillSha256">The trade bill that it was held against.</param>
    /// <param name="Sha256">The fund flow; of several, theirs joined by <c>+</c>.</param>
    /// <param name="AwaitedBefore">How many of those trades were told before this, by <see cref="FundsAwaited"/>; null
    /// for none.</param>
    /// <param name="Withdrawals">Each of which <paramref name="Withdrawn"/> is the sum; null for none, and where nobody
    /// noted them yet.</param>
    public sealed record FundFlowChecked(
        Channel Channel, BusinessDay Day, int Matched, int Differences, Money Withdrawn,
        ValueList<AccountFlow> Accounts, ValueList<AwaitedMoney> Awaited, string BillSha256, string Sha256,
        DateTimeOffset At, int? AwaitedBefore = null, ValueList<Withdrawal>? Withdrawals = null) : ReconciliationEvent;

    /// <summary>Somebody closes the day although not all of it is explained (带差异日结), and says why. Moves nothing: the
    /// differences stay open.</summary>
    /// <param name="Open">How many differences of the day are open.</param>
    /// <param name="Over">What is in suspense for those by which the channel has more than we do.</param>
    /// <param name="Short">The same of those by which it has less; negative.</param>
    /// <param name="LastFound">Where in the log the newest of them was found or opened again; 0 when there is
    /// none.</param>
    /// <param name="Apart">What came to the bank beyond what the bill in place says; negative when it was less.</param>
    public sealed record DifferencesAccepted(
        Channel Channel, BusinessDay Day, int Open, Money Over, Money Short, long LastFound, Money Apart,
        string Reason, string By, DateTimeOffset At) : ReconciliationEvent;

    /// <summary>A withdrawal of the day's fund flow is in the bank (提现到账), or a top-up has left it. Moves money.
    /// </summary>
    /// <param name="Day">The day of the fund flow.</param>
    /// <param name="Withdrawal">The number by which that day knows it.</param>
    /// <param name="Amount">As the bank has it: positive came in.</param>
    /// <param name="AdvanceRepaid">The part that we had already paid out as T+0 advance.</param>
    /// <param name="Line">The line of the bank's statement that it is.</param>
    /// <param name="BookedOn">The day on which we learnt of it, which it counts on: the fund flow's own may be closed.
    /// </param>
    public sealed record WithdrawalReceived(
        Channel Channel, BusinessDay Day, string Withdrawal, Money Amount, Money AdvanceRepaid, string BankReference,
        string Line, DateTimeOffset At, BusinessDay BookedOn) : ReconciliationEvent;

    /// <summary>The line of the bank's statement was not the withdrawal after all: the counter-entry of
    /// <see cref="WithdrawalReceived"/>. Moves money.</summary>
    /// <param name="Reason">Why it is something else, in a person's words.</param>
    public sealed record WithdrawalTakenBack(
        Channel Channel, BusinessDay Day, string Withdrawal, Money Amount, Money AdvanceRepaid, string BankReference,
        string Line, string Reason, DateTimeOffset At, BusinessDay BookedOn) : ReconciliationEvent;

    /// <summary>The channel's money for the day is in the bank. Moves money.</summary>
    /// <param name="AdvanceRepaid">The part that we had already paid out as T+0 advance.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="Line">The line of a bank's statement by which we learnt of it; null when the channel told us, or
    /// nobody noted it yet.</param>
    /// <param name="DayIsClosed">True when it comes again after the day was closed with money that was taken back: the
    /// day's own figures stay as finance has them.</param>
    public sealed record FundsReceived(
        Channel Channel, BusinessDay Day, Money Amount, Money AdvanceRepaid, string BankReference, DateTimeOffset At,
        BusinessDay? BookedOn = null, string? Line = null, bool? DayIsClosed = null)
        : ReconciliationEvent;

    /// <summary>The line of the bank's statement was not the channel's money after all: the counter-entry of
    /// <see cref="FundsReceived"/>. Moves money.</summary>
    /// <param name="Amount">What that said, as all up to <paramref name="BankReference"/>.</param>
    /// <param name="Line">The line by which it was booked.</param>
    /// <param name="Reason">Why it is something else, in a person's words.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    /// <param name="DayIsClosed">True when the day was closed with that money: its own figures stay as finance has
    /// them.</param>
    public sealed record FundsTakenBack(
        Channel Channel, BusinessDay Day, Money Amount, Money AdvanceRepaid, string BankReference, string Line,
        string Reason, DateTimeOffset At, BusinessDay? BookedOn = null, bool? DayIsClosed = null)
        : ReconciliationEvent;

    /// <summary>More of the channel's money for the day is in the bank than was booked first, as its bill in place
    /// says; or some of it went back. Moves money.</summary>
    /// <param name="Rest">Which of the day's rests it is, from 1.</param>
    /// <param name="Amount">As the bank has it: positive came in.</param>
    /// <param name="AdvanceRepaid">The part that we had already paid out as T+0 advance.</param>
    /// <param name="Line">The line of the bank's statement that it is.</param>
    /// <param name="BookedOn">As in <see cref="BillSuperseded"/>.</param>
    public sealed record RestReceived(
        Channel Channel, BusinessDay Day, int Rest, Money Amount, Money AdvanceRepaid, string BankReference,
        string Line, DateTimeOffset At, BusinessDay? BookedOn = null) : ReconciliationEvent;

    /// <summary>The line of the bank's statement was not that rest after all: the counter-entry of
    /// <see cref="RestReceived"/>. Moves money.</summary>
    /// <param name="Reason">Why it is something else, in a person's words.</param>
    public sealed record RestTakenBack(
        Channel Channel, BusinessDay Day, int Rest, Money Amount, Money AdvanceRepaid, string BankReference,
        string Line, string Reason, DateTimeOffset At, BusinessDay? BookedOn = null) : ReconciliationEvent;
}
