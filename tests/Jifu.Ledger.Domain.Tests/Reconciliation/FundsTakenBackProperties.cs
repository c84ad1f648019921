using FsCheck.Fluent;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Domain.Tests.Reconciliation;

using static Given;

/// <summary>A channel's money may be booked, taken back and booked again, in any order and however late: the books are
/// those of what stands.</summary>
public class FundsTakenBackProperties
{
    [Fact]
    public void The_books_are_to_the_fen_those_of_the_money_that_stands() => Holds.ForAll(
        Gen.ListOf(
            from fen in Gen.Choose(-900_00, 900_00)
            from advance in Gen.Choose(0, 900_00)
            from hours in Gen.Choose(1, 40)
            from isClosed in Gen.Elements(true, false)
            from billIsLate in Gen.Choose(0, 9)
            select (fen, advance, hours, isClosed, billIsLate)).Resize(30),
        story =>
        {
            var (day, books, at) = (ReconciledDay.Initial, new Books(), Friday.Next.Start);
            foreach (var (fen, advance, hours, isClosed, billIsLate) in story)
            {
                at = at.AddHours(hours);
                if (billIsLate == 0)
                    Happens(new ReconciliationEvent.BillImported(
                        Channel.WeChatPay, Friday, "b", "0", 1, Cny(0), Cny(0), Cny(0), at, BusinessDay.Of(at)));
                var repaid = Cny(Math.Clamp(advance, 0, Math.Max(0, fen)));
                Happens(day.Funds is null
                    ? day.Receive(Channel.WeChatPay, Friday, Cny(fen), repaid, "bk", at, "s1")
                    : day.TakeBack("s1", "a supplier's", at, isClosed));

                var stands = day.Funds;
                Balance(Account.Bank).ShouldBe(stands?.Amount ?? Cny(0));
                Balance(Account.Advance(Channel.WeChatPay)).ShouldBe(-(stands?.AdvanceRepaid ?? Cny(0)));
                Balance(Account.Receivable(Channel.WeChatPay))
                    .ShouldBe((stands?.AdvanceRepaid ?? Cny(0)) - (stands?.Amount ?? Cny(0)));
            }

            void Happens(ReconciliationEvent e)
            {
                books.Post(e);
                day = ReconciledDay.Evolve(day, e);
            }

            Money Balance(Account account) => books.BalanceOf(account, Currency.CNY);
        });

    [Fact]
    public void What_comes_or_goes_after_a_day_was_closed_is_booked_on_the_day_on_which_it_does()
    {
        var (saturday, sunday) = (Friday.Next.Start.AddHours(9), Friday.Next.Next.Start.AddHours(9));
        var received = ReconciledDay.Initial.Receive(
            Channel.WeChatPay, Friday, Cny(5_00), Cny(1_00), "bk", saturday, "s");
        (received.BookedOn, received.DayIsClosed, PostedOn(received)).ShouldBe((null, null, Friday));
        var day = ReconciledDay.Evolve(ReconciledDay.Initial, received);

        // Open still: the same day has both.
        (day.TakeBack("s", "wrong", sunday, isClosed: false).BookedOn, PostedOn(day.TakeBack("s", "", sunday, false)))
            .ShouldBe((null, Friday));

        var gone = day.TakeBack("s", "wrong", sunday, isClosed: true);
        (gone.BookedOn, gone.DayIsClosed, PostedOn(gone))
            .ShouldBe((BusinessDay.Of(sunday), true, BusinessDay.Of(sunday)));
        day = ReconciledDay.Evolve(day, gone);
        day.Funds.ShouldBeNull();
        var again = day.Receive(Channel.WeChatPay, Friday, Cny(5_00), Cny(1_00), "bk-2", sunday);
        (again.BookedOn, again.DayIsClosed, again.Line).ShouldBe((BusinessDay.Of(sunday), true, null));
        day = ReconciledDay.Evolve(day, again);
        day.TakeBack("s", "wrong", sunday, isClosed: false).DayIsClosed.ShouldBe(true);

        static BusinessDay PostedOn(object e) => PostingRules.EntryFor(e)!.Day;
    }
}
