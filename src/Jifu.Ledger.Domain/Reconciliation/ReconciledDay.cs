using System.Collections.Immutable;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Reconciliation;

using static ReconciliationEvent;

/// <summary>Which bill a channel's day is compared with.</summary>
/// <param name="BookedOn">The open day that takes what its comparison books; null for the bill's own day.</param>
public sealed record BillInPlace(string FileName, string Sha256, BusinessDay? BookedOn)
{
    /// <summary>The SHA-256 of no bytes at all, by which a day is known of which the channel has no bill. No file has
    /// it: an empty one is refused.</summary>
    public const string NothingSha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>True when the channel has no bill of the day.</summary>
    public bool IsNothing => Sha256 == NothingSha256;
}

/// <summary>A channel's day as its events tell it: the bill in place, and what its comparison has told so
/// far.</summary>
/// <remarks>A comparison is told as the news against this: so the first bill, a corrected one and a run that goes on
/// after it was killed are told the same way, and nothing is told twice.</remarks>
public sealed record ReconciledDay
{
    public static readonly ReconciledDay Initial = new();

    private static readonly ValueList<string> UsualAccount = [""];

    private ReconciledDay() { }

    /// <summary>Null before the first bill.</summary>
    public BillInPlace? Bill { get; private init; }

    /// <summary>The SHA-256 of the bills whose place another one took.</summary>
    public ImmutableHashSet<string> Superseded { get; private init; } = [];

    /// <summary>The differences that stand, by class, key and field.</summary>
    public ImmutableDictionary<(string Class, string Key, string Field), DifferenceFound> Differences
    {
        get; private init;
    } = ImmutableDictionary<(string, string, string), DifferenceFound>.Empty;

    /// <summary>What the day carries, by key.</summary>
    public ImmutableDictionary<string, Carried> Carries { get; private init; } =
        ImmutableDictionary<string, Carried>.Empty;

    /// <summary>The keys of other days' carried lines that this day has ended.</summary>
    public ImmutableHashSet<string> Met { get; private init; } = [];

    /// <summary>The end of the comparison with the bill in place; null while it goes on.</summary>
    public Completed? Completed { get; private init; }

    /// <summary>The fund flows in place, by account; a file may be of several.</summary>
    public ImmutableSortedDictionary<string, BillInPlace> FundFlows { get; private init; } =
        ImmutableSortedDictionary<string, BillInPlace>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What the fund flows in place are known by together; null before the first.</summary>
    public string? FundFlowSha256 =>
        FundFlows.IsEmpty ? null : string.Join('+', FundFlows.Values.Select(flow => flow.Sha256).Distinct());

    /// <summary>How the fund flows in place were held against the bill in place, with all that they await; null until
    /// they were.</summary>
    public FundFlowChecked? FundsChecked { get; private init; }

    /// <summary>The last word by which somebody closed the day with what was open; null when nobody did.</summary>
    public DifferencesAccepted? Accepted { get; private init; }

    private ImmutableList<AwaitedMoney> Awaited { get; init; } = [];

    /// <summary>The withdrawals that are in the bank, by number.</summary>
    public ImmutableDictionary<string, WithdrawalReceived> Withdrawals { get; private init; } =
        ImmutableDictionary<string, WithdrawalReceived>.Empty;

    /// <summary>What came besides <see cref="Funds"/>, by its number.</summary>
    public ImmutableDictionary<int, RestReceived> Rests { get; private init; } =
        ImmutableDictionary<int, RestReceived>.Empty;

    /// <summary>How much of the day's T+0 advance its rests have repaid, in minor units.</summary>
    public long RestsRepaidMinor => Rests.Values.Sum(rest => rest.AdvanceRepaid.MinorUnits);

    /// <summary>The channel's money; null before it came, and after it was taken back.</summary>
    public FundsReceived? Funds { get; private init; }

    /// <summary>How money that was booked for the day was last taken back; null when none was.</summary>
    public FundsTakenBack? FundsGone { get; private init; }

    /// <summary>How the channel's money is booked: on the day itself while that can change, else on the day on which it
    /// comes.</summary>
    /// <param name="line">The bank's line by which we learn of it; null when the channel tells us.</param>
    public FundsReceived Receive(
        Channel channel, BusinessDay day, Money amount, Money repaid, string reference, DateTimeOffset at,
        string? line = null) => new(
        channel, day, amount, repaid, reference, at,
        Bill?.BookedOn is null && FundsGone?.DayIsClosed is null ? null : BusinessDay.Of(at), line,
        FundsGone?.DayIsClosed);

    /// <summary>The exact counter-entry of the money that is booked.</summary>
    /// <param name="isClosed">Whether finance may have downloaded the day with it.</param>
    public FundsTakenBack TakeBack(string line, string reason, DateTimeOffset at, bool isClosed)
    {
        var funds = Funds ?? throw new InvalidOperationException($"There is no money to take back for {line}.");
        var isLate = isClosed || funds.DayIsClosed is true;
        return new(
            funds.Channel, funds.Day, funds.Amount, funds.AdvanceRepaid, funds.BankReference, line, reason, at,
            isLate ? BusinessDay.Of(at) : funds.BookedOn, isLate ? true : null);
    }

    public static ReconciledDay Evolve(ReconciledDay day, ReconciliationEvent @event) => @event switch
    {
        BillImported e => day with { Bill = new(e.FileName, e.Sha256, e.BookedOn), Completed = null },
        BillSuperseded e => day with
        {
            Bill = new(e.FileName, e.Sha256, e.BookedOn), Completed = null,
            Superseded = day.Superseded.Add(e.OldSha256).Remove(e.Sha256),
        },
        DifferenceFound e => day with { Differences = day.Differences.SetItem((e.Class, e.Key, e.Field), e) },
        DifferenceTakenBack e => day with { Differences = day.Differences.Remove((e.Class, e.Key, e.Field)) },
        Carried e => day with { Carries = day.Carries.SetItem(e.Key, e) },
        CarriedTakenBack e => day with { Carries = day.Carries.Remove(e.Key) },
        CarriedMet e => day with { Met = day.Met.Add(e.Key) },
        Completed e => day with { Completed = e },
        FundFlowImported e => day with
        {
            FundFlows = day.FundFlows.SetItems((e.Accounts ?? UsualAccount).Select(
                account => KeyValuePair.Create(account, new BillInPlace(e.FileName, e.Sha256, e.BookedOn)))),
            FundsChecked = null,
        },
        FundsAwaited e => day with { Awaited = (e.Before == 0 ? [] : day.Awaited).AddRange(e.Awaited) },
        FundFlowChecked { AwaitedBefore: null } e => day with { FundsChecked = e },
        FundFlowChecked e => day with
        {
            FundsChecked = e with { Awaited = day.Awaited.AddRange(e.Awaited).ToValueList(), AwaitedBefore = null },
            Awaited = [],
        },
        DifferencesAccepted e => day with { Accepted = e },
        WithdrawalReceived e => day with { Withdrawals = day.Withdrawals.SetItem(e.Withdrawal, e) },
        WithdrawalTakenBack e => day with { Withdrawals = day.Withdrawals.Remove(e.Withdrawal) },
        RestReceived e => day with { Rests = day.Rests.SetItem(e.Rest, e) },
        RestTakenBack e => day with { Rests = day.Rests.Remove(e.Rest) },
        FundsReceived e => day with { Funds = e },
        FundsTakenBack e => day with { Funds = null, FundsGone = e },
        _ => throw new InvalidOperationException($"A reconciled day has no place for {@event}."),
    };
}
