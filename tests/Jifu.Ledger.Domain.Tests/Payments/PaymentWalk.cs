using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Domain.Tests.Payments;

using static Given;
using static PaymentCommand;

/// <summary>Random commands on one payment, with so few amounts, numbers and references that they often
/// meet.</summary>
internal sealed record PaymentWalk(Create First, IReadOnlyList<PaymentCommand> Rest)
{
    private static readonly Gen<string> Number = Gen.Elements("1", "2", "3", "4");
    private static readonly Gen<string> Reference = Gen.Frequency(
        (4, Gen.Constant("x-1")), (1, Gen.Constant("x-2")));
    private static readonly Gen<BusinessDay> Day =
        Gen.Frequency((4, Gen.Constant(Friday)), (1, Gen.Constant(Saturday)));

    public IEnumerable<PaymentCommand> Commands => [First, .. Rest];

    /// <summary>Walks whose fees and costs come back on refunds, or stay, as the policy says.</summary>
    public static Arbitrary<PaymentWalk> Any(FeeOnRefund policy) => Arb.From(
        from paid in Gen.OneOf(Gen.Choose(1, 30), Gen.Choose(1, 100_000))
        from fee in Gen.Elements(0, 6_000, 250_000)
        from cost in Gen.Elements(0, 2_000, 333_333)
        from share in Gen.Elements(0, 3, 700_000)
        from commands in Gen.ListOf(AnyCommand(paid)).Resize(40)
        select new PaymentWalk(Ordered(paid, new(fee), new(cost), new(share), policy), [.. commands]),
        walk => walk.Rest.Select((_, at) => walk with { Rest = [.. walk.Rest.Take(at), .. walk.Rest.Skip(at + 1)] }));

    private static Create Ordered(long paid, Rate fee, Rate cost, Rate share, FeeOnRefund policy)
    {
        var quote = FeeQuote.For(Cny(paid), fee, policy, new(Channel.WeChatPay, cost, policy));
        ValueList<SplitRule> rules = share.PartsPerMillion > 0
            ? [PartsPerMillion("agent", share.PartsPerMillion), Fixed("store", 1)]
            : [Fixed("agent", 1)];
        var shares = Split.Plan(rules, Cny(paid), Cny(paid) - quote.Fee, out _);
        return new(Order(paid), new(quote, shares, Friday), Passed, Noon);
    }

    private static Gen<PaymentCommand> AnyCommand(long paid)
    {
        var amount = Gen.OneOf(Gen.Choose(1, (int)paid), Gen.Elements(0, 1, (int)paid, (int)paid + 1))
            .Select(fen => (long)fen);
        return Gen.Frequency(
            (1, Gen.Elements<PaymentCommand>(
                Closing, Fails, Unclear, new Accept("code", Noon), new RefuseCancel("LATE", "too late", Noon))),
            (6, from right in Gen.Frequency((5, Gen.Constant(paid)), (1, amount))
                from reference in Reference
                select (PaymentCommand)Paid(right, reference)),
            (2, amount.Select(fen => (PaymentCommand)new FailForAmount($"{Cny(fen)}", Noon))),
            (4, from number in Number
                from fen in amount
                select (PaymentCommand)SplitAs(number, Fixed("agent", fen), PartsPerMillion("store", 100_000))),
            (1, Day.Select(day => (PaymentCommand)new RequestCancel("mistake", day, Noon))),
            (1, Day.Select(day => (PaymentCommand)new ConfirmCancel("x-1", day, Noon))),
            (20, AnyRefund(amount)));
    }

    private static Gen<PaymentCommand> AnyRefund(Gen<long> amount) =>
        from number in Number
        from fen in amount
        from reference in Reference
        from which in Gen.Choose(0, 6)
        select which switch
        {
            0 or 1 or 2 => Refund(number, fen),
            3 => RefundFails(number),
            4 => new MarkRefundUnknown(new(number), "no answer in time", Noon),
            _ => (PaymentCommand)Refunded(number, fen, reference),
        };
}
