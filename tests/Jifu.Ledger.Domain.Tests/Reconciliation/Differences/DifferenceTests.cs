using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Differences;

using static DifferenceCommand;
using static Given;

/// <summary>What may be done with a difference, and what it posts. That finding it put 2.99 into suspense is not
/// told here.</summary>
public class DifferenceTests
{
    private const string Mei = "key:mei";
    private const string Bo = "key:bo";
    private const string Night = "schedule";

    private static readonly Finding Unknown = new(
        Channel.WeChatPay, Friday, "only_at_channel", "payment:p0a1", "line", "CNY 3.00", "", Cny(2_99), 100);

    private static readonly Finding Lacking = Unknown with
    {
        Class = "only_with_us", Theirs = "", Ours = "CNY 3.00", Excess = Cny(-2_99),
    };

    private static readonly Account Receivable = Account.Receivable(Channel.WeChatPay);

    [Fact]
    public void One_proposes_and_another_approves() => Told(
        Wants(new(RemedyKind.WriteOff)), Wants(new(RemedyKind.WriteOff)), Wants(new(RemedyKind.Adjust, Account.Bank)),
        Approves(Mei), new Approve(Unknown, 7, Bo, Noon), Approves(Bo), Approves(Bo), Wants(new(RemedyKind.WriteOff)),
        Wants(new(RemedyKind.Adjust, Account.Bank))).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_another_rejects_or_its_proposer_withdraws_moves_nothing() => Told(
        new Approve(Unknown, 1, Bo, Noon), Wants(new(RemedyKind.WriteOff)),
        new Reject(Unknown, 1, "ask first", Bo, Noon), new Reject(Unknown, 1, "ask first", Bo, Noon),
        Approves(Mei), Wants(new(RemedyKind.WriteOff)),
        new Reject(Unknown, 2, "I was wrong", Mei, Noon), new Reject(Unknown, 2, "I was wrong", Bo, Noon))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_closing_is_undone_by_the_counter_entry_and_by_two_people() => Told(
        Undoes(Mei), Wants(new(RemedyKind.WriteOff)), Approves(Bo), Undoes(Bo), Undoes(Bo), Undoes(Mei),
        Approves(Bo, 2), Approves(Mei, 2), Approves(Mei, 2), Wants(new(RemedyKind.Refund, RefundNumber: "R-9")),
        Approves(Bo, 3)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_hold_keeps_it_with_an_owner_until_something_else_closes_it() => Told(
        Wants(new(RemedyKind.Hold, Owner: "mei", Due: Saturday)), Approves(Bo), Wants(new(RemedyKind.WriteOff)),
        Approves(Bo, 2)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_cannot_be_done_is_refused_by_name() => Told(
        new Propose(Lacking, new(RemedyKind.Supplement), "", null, Mei, Noon),
        Wants(new(RemedyKind.Supplement, Account.FeeIncome)), Wants(new(RemedyKind.Adjust)),
        Wants(new(RemedyKind.Adjust, Account.Suspense(Channel.WeChatPay))),
        Wants(new(RemedyKind.Adjust, Account.Cost(Channel.Alipay))),
        new Propose(Lacking, new(RemedyKind.Adjust, Account.Available(TeaHouse)), "", null, Mei, Noon),
        new Propose(Lacking, new(RemedyKind.Refund, RefundNumber: "R-9"), "", null, Mei, Noon),
        Wants(new(RemedyKind.Refund)), Wants(new(RemedyKind.Hold, Due: Saturday)),
        Wants(new(RemedyKind.Hold, Owner: "mei", Due: new(new(2026, 11, 19))))).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Whoever_looked_at_an_older_version_is_told() => Told(
        Wants(new(RemedyKind.WriteOff), 0), new Reject(Unknown, 1, "ask first", Bo, Noon),
        Wants(new(RemedyKind.WriteOff), 0), Wants(new(RemedyKind.Adjust, Account.Bank), 0),
        Wants(new(RemedyKind.Adjust, Account.Bank), 2)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_missed_order_is_booked_by_its_own_success() => Told(
        Wants(new(RemedyKind.Supplement)), Approves(Bo), Wants(new(RemedyKind.WriteOff)),
        new GiveUp(Unknown, 1, "payment_already_closed", Night, Noon), new GiveUp(Unknown, 1, "", Night, Noon),
        Wants(new(RemedyKind.Supplement)), Approves(Bo, 2), Arrives(2_90), Arrives(2_90),
        Wants(new(RemedyKind.Adjust, Account.Cost(Channel.WeChatPay))), Approves(Bo, 3))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_a_merchant_was_given_is_taken_back_by_two_people_once_it_is_put_aside() => Told(
        Wants(new(RemedyKind.Supplement, Account.Available(TeaHouse))), Approves(Bo), Undoes(Bo), Approves(Bo, 2),
        Approves(Mei, 2), Approves(Mei, 2) with { Lacking = BackByReversal },
        Approves(Mei, 2) with { Aside = BackByReversal }, Approves(Mei, 2), Undoes(Bo))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_a_merchant_gives_back_is_put_aside_before() => Told(
        Wants(new(RemedyKind.Supplement, Account.Available(TeaHouse))), Approves(Bo), Gone(Unknown),
        Gone(Unknown) with { Aside = Back(2_98) }, Wants(new(RemedyKind.WriteOff), of: FoundAnew),
        Gone(Unknown) with { Aside = Back(2_99) }, Gone(Unknown)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void The_other_side_closes_it_whatever_waits() => Told(
        Wants(new(RemedyKind.Hold, Owner: "mei", Due: Saturday)), Approves(Bo), Wants(new(RemedyKind.WriteOff)),
        Arrives(2_99), Arrives(2_99), Matched(), Undoes(Mei), Approves(Bo, 3), Arrives(2_99))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_rule_steps_on_nobodys_feet() => Told(
        Wants(new(RemedyKind.WriteOff)), Matched(), new Reject(Unknown, 1, "ask first", Bo, Noon), Matched(), Matched(),
        new Part(Unknown, new("d-other"), "its bill was replaced", Night, Noon),
        new Part(Unknown, new("d-other"), "its bill was replaced", Night, Noon), Matched())
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_people_undid_no_rule_does_again_whatever_its_version() => Told(
        Matched(), Undoes(Mei), Approves(Bo), Matched(), Matched() with { RuleVersion = 2 }, Gone(Unknown),
        Matched(Unknown with { Position = 300 }) with { RuleVersion = 2 }).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_rule_closes_nothing_by_more_or_less_than_what_is_left() => Told(
        MetBy(Other, 2_90), Matched(), Matched() with { Shares = [new(Receivable, Cny(9))] })
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_was_partly_met_comes_apart_together_with_what_closed_the_rest() => Told(
        MetBy(Other, 2_90), Wants(new(RemedyKind.WriteOff)), Approves(Bo),
        new Part(Unknown, Other, "its bill was replaced", Night, Noon),
        new Part(Unknown, Other, "its bill was replaced", Night, Noon), MetBy(Other, 2_90),
        new Match(Unknown, "cents", 1, [Unknown.Id], [new(Receivable, Cny(9))], Night, Noon),
        new Part(Unknown, Other, "its bill was replaced", Night, Noon), MetBy(Other, 2_90),
        Wants(new(RemedyKind.Supplement, Account.Available(TeaHouse))), Approves(Bo, 2),
        new Part(Unknown, Other, "its bill was replaced", Night, Noon)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_bill_that_is_replaced_takes_back_what_it_had() => Told(
        Wants(new(RemedyKind.WriteOff)), Approves(Bo), Gone(Unknown), Gone(Unknown), Wants(new(RemedyKind.Refund)),
        Undoes(Mei), Matched(), Wants(new(RemedyKind.WriteOff), of: FoundAnew),
        Gone(Unknown with { Position = 300 })).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Found_again_as_it_was_it_stays_closed_and_with_another_amount_it_is_open_anew() => Told(
        Wants(new(RemedyKind.WriteOff)), Approves(Bo), new Renew(Unknown with { Position = 200 }, Night, Noon),
        new Renew(Unknown with { Position = 200 }, Night, Noon), Wants(new(RemedyKind.Refund)), Approves(Bo),
        new Renew(FoundAnew, Night, Noon), new Renew(FoundAnew, Night, Noon),
        Wants(new(RemedyKind.WriteOff), of: FoundAnew), new Approve(FoundAnew, 2, Bo, Noon))
        .ShouldMatchApproved(o => o.NoDiff());

    private static readonly Finding FoundAnew = Unknown with { Position = 300, Excess = Cny(5) };

    [Fact]
    public void A_correction_moves_what_people_found_out_and_nothing_before() => Told(
        Wants(new(RemedyKind.WriteOff, Moves: Cny(-12_00))),
        Corrects(new(RemedyKind.Adjust, Account.Bank)), Corrects(new(RemedyKind.WriteOff, Moves: Cny(0))),
        Corrects(new(RemedyKind.Hold, Owner: "mei", Due: Saturday, Moves: Cny(-12_00))),
        Corrects(new(RemedyKind.Adjust, Account.Available(TeaHouse), Moves: Cny(-12_00))),
        Corrects(new(RemedyKind.Hold, Owner: "mei", Due: Saturday)), new Approve(Corrected, 1, Bo, Noon),
        Corrects(new(RemedyKind.Adjust, Account.DifferenceResult(Channel.WeChatPay), Moves: Cny(-12_00))),
        new Approve(Corrected, 2, Bo, Noon), new ProposeReversal(Corrected, "it was won", Mei, Noon),
        new Approve(Corrected, 3, Bo, Noon),
        Corrects(new(RemedyKind.Adjust, Account.Available(TeaHouse), Moves: Cny(12_00))),
        new Approve(Corrected, 4, Bo, Noon)).ShouldMatchApproved(o => o.NoDiff());

    private static readonly Finding Corrected = Unknown with
    {
        Class = "correction", Key = "correction:E22.1", Field = "correction", Theirs = "CNY 12.00", Excess = Cny(0),
    };

    private static Propose Corrects(Remedy remedy) => Wants(remedy, of: Corrected);

    private static Propose Wants(Remedy remedy, int? version = null, Finding? of = null) =>
        new(of ?? Unknown, remedy, "looked into it", version, Mei, Noon);

    private static Approve Approves(string by, int proposal = 1) => new(Unknown, proposal, by, Noon);

    private static ProposeReversal Undoes(string by) => new(Unknown, "it was found", by, Noon);

    private static Meet Arrives(long fen) =>
        new(Unknown, "payment:p0a1", [new(Receivable, Cny(fen))], Night, Noon);

    private static readonly DifferenceId Other = new("d-other");

    private static Meet MetBy(DifferenceId other, long fen) =>
        new(Unknown, $"difference {other}", [new(Receivable, Cny(fen))], Night, Noon);

    private static Match Matched(Finding? of = null) => new(
        of ?? Unknown, "split-refunds", 1, [Unknown.Id, new("d-other")], [new(Receivable, Cny(2_99))], Night, Noon);

    private static MerchantsBack Back(long fen) =>
        new(HoldId.Of(Unknown), [new(Account.Available(TeaHouse), Cny(fen))]);

    private static MerchantsBack BackByReversal { get; } = new(
        HoldId.OfReversal(Unknown.Id, 2), [new(Account.Available(TeaHouse), Cny(2_99))], IsRefusable: true);

    private static TakeBack Gone(Finding finding) => new(finding, "bill 9f86d0 was replaced", Night, Noon);

    private static string Told(params DifferenceCommand[] commands) => Story.Of(
        Difference.Initial, DifferenceRules.Decide, DifferenceHistory.Evolve, commands);
}
