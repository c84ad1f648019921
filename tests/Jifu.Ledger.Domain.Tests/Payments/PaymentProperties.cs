using Jifu.Ledger.Fees;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>What holds for a payment whatever is asked of it, in whatever order.</summary>
public class PaymentProperties
{
    [Fact]
    public void Never_more_is_refunded_than_was_paid() => Holds.ForAll(PaymentWalk.Any(FeeOnRefund.Returned), walk =>
    {
        var (paid, refunded) = (Cny(0), Cny(0));
        foreach (var @event in Play(walk).Events)
        {
            paid = @event is PaymentEvent.Succeeded succeeded ? succeeded.Amount : paid;
            refunded += @event switch
            {
                PaymentEvent.RefundRequested e => e.Amount,
                PaymentEvent.RefundFailed e => -e.Amount,
                PaymentEvent.Cancelled e => e.Amount,
                _ => Cny(0),
            };
            refunded.MinorUnits.ShouldBeInRange(0, paid.MinorUnits);
        }
    });

    [Fact]
    public void An_order_that_ended_for_another_amount_was_told_so_and_books_nothing_whatever_comes() => Holds.ForAll(
        PaymentWalk.Any(FeeOnRefund.Returned), walk =>
        {
            Payment.Made? before = null;
            var payment = Payment.Initial;
            foreach (var command in walk.Commands)
            {
                before = payment as Payment.Made;
                var events = PaymentRules.Decide(payment, command).Events;
                payment = events.Aggregate(payment, PaymentHistory.Evolve);
                if (command is FailForAmount { Theirs: var theirs } && events is not [])
                    before!.Contradictions.ShouldContain($"amount={theirs}");
            }

            if (payment is Payment.Failed { Code: PaymentRules.AnotherAmountPaid })
                Play(walk).Books.Open.ShouldBeEmpty();
        });

    [Fact]
    public void A_repeat_of_any_command_is_no_news() => Holds.ForAll(PaymentWalk.Any(FeeOnRefund.Returned), walk =>
    {
        var payment = Payment.Initial;
        foreach (var command in walk.Commands)
        {
            payment = PaymentRules.Decide(payment, command).Events.Aggregate(payment, PaymentHistory.Evolve);
            PaymentRules.Decide(payment, command).Events.ShouldBeEmpty($"{command} again");
        }
    });

    [Fact]
    public void The_accounts_hold_what_the_events_say() => Holds.ForAll(PaymentWalk.Any(FeeOnRefund.Returned), walk =>
    {
        var (_, events, books) = Play(walk);
        var (paid, held, gone) = (Sum<PaymentEvent.Succeeded>(events, e => e.Amount), Held(events), Gone(events));
        var fee = Sum<PaymentEvent.Succeeded>(events, e => e.Fee) - Returned(events, returns => returns.Fee);
        var cost = Sum<PaymentEvent.Succeeded>(events, e => e.Cost) - Returned(events, returns => returns.Cost);
        var shares = Sum<PaymentEvent.SplitMade>(events, e => Split.Total(e.Shares, Currency.CNY))
            - Returned(events, returns => returns.SharesTotal);

        Balance(books, Account.Receivable(Channel.WeChatPay)).ShouldBe(paid - gone - cost);
        Balance(books, Account.Cost(Channel.WeChatPay)).ShouldBe(cost);
        Balance(books, Account.FeeIncome).ShouldBe(-fee);
        Balance(books, Account.Frozen(TeaHouse)).ShouldBe(-held);
        (Balance(books, Account.Receiver(new("agent"))) + Balance(books, Account.Receiver(new("store"))))
            .ShouldBe(-shares);
        Balance(books, Account.Pending(TeaHouse)).ShouldBe(-(paid - gone - held - fee - shares));
    });

    [Fact]
    public void Shares_taken_back_stay_within_the_share() => Holds.ForAll(PaymentWalk.Any(FeeOnRefund.Returned), walk =>
    {
        var left = new Dictionary<(SplitId, ReceiverId), long>();
        foreach (var @event in Play(walk).Events)
        {
            foreach (var share in (@event as PaymentEvent.SplitMade)?.Shares ?? [])
                left.Add((((PaymentEvent.SplitMade)@event).Split, share.Receiver), share.Amount.MinorUnits);
            foreach (var back in ReturnsOf(@event)?.Shares ?? [])
                left[(back.Split, back.Receiver)] -= back.Amount.MinorUnits;
            left.Values.ShouldAllBe(minor => minor >= 0);
        }
    });

    [Fact]
    public void When_everything_is_refunded_every_account_is_back_at_zero() => Holds.ForAll(
        PaymentWalk.Any(FeeOnRefund.Returned), walk => Undone(walk).Books.Open.ShouldBeEmpty());

    [Fact]
    public void When_fees_are_kept_only_fee_and_cost_remain() => Holds.ForAll(
        PaymentWalk.Any(FeeOnRefund.Kept), walk =>
        {
            var (payment, _, books) = Undone(walk);
            var kept = payment is Payment.Paid paid ? paid.Terms.Quote : Quote(0);
            Balance(books, Account.FeeIncome).ShouldBe(-kept.Fee);
            Balance(books, Account.Pending(TeaHouse)).ShouldBe(kept.Fee);
            Balance(books, Account.Cost(Channel.WeChatPay)).ShouldBe(kept.Cost);
            Balance(books, Account.Receivable(Channel.WeChatPay)).ShouldBe(-kept.Cost);
            Balance(books, Account.Receiver(new("agent"))).ShouldBe(Cny(0));
            Balance(books, Account.Frozen(TeaHouse)).ShouldBe(Cny(0));
        });

    private static (Payment Payment, List<PaymentEvent> Events, Books Books) Play(PaymentWalk walk) =>
        Play(Payment.Initial, walk.Commands, [], new());

    // Posting and evolving throw where an entry is out of balance or an event cannot follow.
    private static (Payment Payment, List<PaymentEvent> Events, Books Books) Play(
        Payment payment, IEnumerable<PaymentCommand> commands, List<PaymentEvent> events, Books books)
    {
        foreach (var command in commands)
        {
            foreach (var @event in PaymentRules.Decide(payment, command).Events)
            {
                payment = PaymentHistory.Evolve(payment, @event);
                books.Post(@event);
                events.Add(@event);
            }
        }

        return (payment, events, books);
    }

    // Whatever is under way is refused, and the rest refunded at once.
    private static (Payment Payment, List<PaymentEvent> Events, Books Books) Undone(PaymentWalk walk)
    {
        var (payment, events, books) = Play(walk);
        if (payment is not Payment.Paid paid)
            return (payment, events, books);
        (payment, _, _) = Play(payment, [
            new RefuseCancel("LATE", "too late", Noon), .. paid.Refunds.Keys.Select(RefundFails),
        ], events, books);
        var rest = ((Payment.Paid)payment).Refundable.MinorUnits;
        return Play(payment, [Refund("rest", rest), Refunded("rest", rest)], events, books);
    }

    private static Money Held(List<PaymentEvent> events) =>
        Sum<PaymentEvent.RefundRequested>(events, e => e.Amount) - Sum<PaymentEvent.RefundFailed>(events, e => e.Amount)
            - Sum<PaymentEvent.RefundSucceeded>(events, e => e.Amount);

    private static Money Gone(List<PaymentEvent> events) =>
        Sum<PaymentEvent.RefundSucceeded>(events, e => e.Amount) + Sum<PaymentEvent.Cancelled>(events, e => e.Amount);

    private static Money Returned(List<PaymentEvent> events, Func<Returns, Money> part) =>
        events.Select(ReturnsOf).OfType<Returns>().Aggregate(Cny(0), (sum, returns) => sum + part(returns));

    private static Returns? ReturnsOf(PaymentEvent @event) => @event switch
    {
        PaymentEvent.RefundSucceeded e => e.Returns,
        PaymentEvent.Cancelled e => e.Returns,
        _ => null,
    };

    private static Money Sum<T>(List<PaymentEvent> events, Func<T, Money> amount) =>
        events.OfType<T>().Aggregate(Cny(0), (sum, @event) => sum + amount(@event));

    private static Money Balance(Books books, Account account) => books.BalanceOf(account, Currency.CNY);
}
