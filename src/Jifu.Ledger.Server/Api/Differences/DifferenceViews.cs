using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>Asks for a closing of a difference (提议处理).</summary>
/// <param name="Action"><c>supplement adjust refund hold write_off</c>.</param>
/// <param name="Account">Of <c>adjust</c>: the account that takes it.</param>
/// <param name="Merchant">Of <c>supplement</c> without an order of ours: who gets it.</param>
/// <param name="Owner">Of <c>hold</c>: who looks into it.</param>
/// <param name="Due">Of <c>hold</c>: until when.</param>
/// <param name="RefundNumber">Of <c>refund</c>: what the bill will show; made of the id when absent.</param>
/// <param name="Amount">Of a correction: what the channel owes us more by it in minor units, negative when
/// less.</param>
/// <param name="Reason">1 to 200 characters.</param>
/// <param name="Version">Of the difference as it was looked at; absent to take it as it is.</param>
/// <param name="Found">Where it was found as it was looked at; a corrected bill may find it again.</param>
internal sealed record ProposalRequest(
    string Action, string Reason, string? Account = null, string? Merchant = null, string? Owner = null,
    string? Due = null, string? RefundNumber = null, int? Version = null, long? Amount = null,
    long? Found = null)
{
    public RemedyForm Form => new(
        Action, Account ?? "", Merchant ?? "", Owner ?? "", Due ?? "", RefundNumber ?? "",
        Amount is { } minor ? (minor * 0.01m).ToString(CultureInfo.InvariantCulture) : "");
}

/// <summary>Asks that a closing be undone (提议冲回).</summary>
internal sealed record ReversalRequest(string Reason);

/// <summary>Says yes to a proposal.</summary>
internal sealed record ApprovalRequest(int Proposal);

/// <summary>Says no to a proposal; by its proposer: withdraws it.</summary>
internal sealed record RejectionRequest(int Proposal, string Reason);

/// <summary>What a remedy says.</summary>
internal sealed record RemedyView(
    string Action, string? Account, string? Owner, BusinessDay? Due, string? RefundNumber, long? Amount)
{
    public static RemedyView? Of(string? json)
    {
        if (json is null)
            return null;
        if (json == "reverse")
            return new("reverse", null, null, null, null, null);
        var remedy = DifferenceLifeRow.RemedyOf(json);
        return new(
            SnakeCase.Of($"{remedy.Kind}"), remedy.To?.ToString(), remedy.Owner, remedy.Due, remedy.RefundNumber,
            remedy.Moves?.MinorUnits);
    }
}

/// <summary>A proposal that waits for another person.</summary>
internal sealed record ProposalView(int Number, RemedyView Remedy, string Reason, string By);

/// <summary>How a difference was closed, or what has freed a part of it.</summary>
/// <param name="By"><c>people</c>, <c>met</c> or <c>rule</c>.</param>
/// <param name="With">What met it, or the group of the rule.</param>
internal sealed record ClosingView(
    string By, string? With, RemedyView? Remedy, string? ApprovedBy, string? Rule, int? RuleVersion,
    BusinessDay? Day, long? Position);

/// <summary>What to do, and why; advice.</summary>
/// <param name="Action">Absent: wait.</param>
internal sealed record SuggestionView(string? Action, string Code, string Reason);

/// <summary>A difference (差异) as it stands; amounts in minor units.</summary>
/// <param name="Left">What is in suspense for it.</param>
/// <param name="AgeDays">Days since the day of the bill.</param>
/// <param name="Held">What a hold has taken out of suspense, and its next closing moves; absent otherwise.</param>
/// <param name="Found">Where in the log it was found, last.</param>
/// <param name="Former">What people had closed it by, and why a corrected bill has undone that; absent
/// otherwise.</param>
internal sealed record DifferenceLifeView(
    string Id, string Channel, BusinessDay Day, string Class, string Key, string Field, string Theirs, string Ours,
    Currency Currency, long Excess, long Left, int AgeDays, string Status, int Version, long Found,
    ProposalView? Proposal,
    ClosingView? Closing, long? Held, SuggestionView? Suggestion, string? Former = null)
{
    public static DifferenceLifeView Of(DifferenceLifeRow row, BusinessDay today)
    {
        var age = today.Date.DayNumber - row.Day.Date.DayNumber;
        var status = row.Found ? row.Status : "taken_back";
        var advice = status is "open" or "proposed" or "held"
            ? Jifu.Ledger.Reconciliation.Differences.Suggestion.For(row.Open, row.Context(age))
            : row.IsBookedTwice
                ? Jifu.Ledger.Reconciliation.Differences.Suggestion.BookedTwice(
                    DifferenceLifeRow.RemedyOf(row.Remedy!))
                : null;
        return new(
            row.DifferenceId, row.Channel, row.Day, row.Class, row.Key, row.Field, row.Theirs, row.Ours,
            Enum.Parse<Currency>(row.Currency), row.ExcessMinor, row.LeftMinor, age, status, row.Version,
            row.FoundPosition,
            row.Proposal is { } number
                ? new(number, RemedyView.Of(row.Proposed)!, row.ProposedReason!, row.ProposedBy!)
                : null,
            row.ClosedBy is null
                ? null
                : new(
                    row.ClosedBy, row.WithOthers, RemedyView.Of(row.Remedy), row.ApprovedBy, row.Rule,
                    row.RuleVersion, row.ClosedOn, row.ClosedPosition),
            row.HeldMinor == 0 ? null : row.HeldMinor,
            advice is null
                ? null
                : new(
                    advice.Kind is { } kind ? SnakeCase.Of($"{kind}")
                        : advice.Code == "booked_twice" ? "reverse" : null,
                    advice.Code, advice.Reason),
            row.Former);
    }
}

/// <summary>Some differences; <c>next</c> is where the list goes on, absent at its end.</summary>
internal sealed record DifferencePage(IReadOnlyList<DifferenceLifeView> Differences, string? Next);

/// <summary>One thing that happened to a difference; what it put into suspense, negative for what it freed.</summary>
internal sealed record DifferenceStepView(
    long Position, BusinessDay Day, string Step, string Actor, string Detail, long Moved);

/// <summary>A difference with all that happened to it.</summary>
/// <param name="Rules">Why rules that could take it have not; absent when there is nothing to say.</param>
internal sealed record DifferenceStory(
    DifferenceLifeView Difference, IReadOnlyList<DifferenceStepView> Steps, IReadOnlyList<RuleDoubtView>? Rules = null);
