using System.Diagnostics;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Funds;

using Decision = Decision<FundsEvent, FundsRejection>;
using static FundsCommand;

/// <summary>What leaves a merchant, one after the other: so it never exceeds what the merchant has and the limit agreed
/// with it, whoever asks at the same time.</summary>
/// <remarks>
/// A command brings what the log said of the merchant's money at some position, and how much this stream had let go by
/// then. The stream itself knows how much it has let go by now. Everything else that moves the money since only adds to
/// it, because each refund, split, payout and transfer passes here first, and so does what is taken back with a bill,
/// though nobody can refuse that. So facts may be old and still not lie.
/// </remarks>
/// <param name="Sides">By currency.</param>
/// <param name="Known">Every hold that stands or was used, and every transfer.</param>
public sealed record MerchantFunds(ValueList<FundsSide> Sides, KnownNumbers Known)
{
    public static readonly MerchantFunds Initial = new([], new());

    public FundsSide Of(Currency currency)
    {
        for (var i = 0; i < Sides.Count; i++)
        {
            if (Sides[i].Limit.Currency == currency)
                return Sides[i];
        }

        return FundsSide.None(currency);
    }

    /// <summary>How much is put aside under a name, used meanwhile or not; zero when nothing is.</summary>
    public long HeldMinor(HoldId hold) => Known.Find(KeyOf(hold));

    public static Decision Decide(MerchantFunds funds, FundsCommand command) => command switch
    {
        Hold { Amount.IsPositive: false } or Withhold { Amount.IsPositive: false }
            or Transfer { Amount.IsPositive: false } => FundsRejection.AmountNotPositive,
        SetOverdraftLimit { Limit.MinorUnits: < 0 } => FundsRejection.OverdraftLimitNegative,
        SetOverdraftLimit c => funds.Of(c.Limit.Currency).Limit == c.Limit
            ? Decision.Nothing
            : new FundsEvent.OverdraftLimitSet(c.Merchant, c.Limit, c.Reason, c.At),

        Transfer c when c.To == Account.Available(c.Merchant) => FundsRejection.TransferToItself,
        Transfer c when !MayReceive(c.To) => FundsRejection.TransferTargetNotAllowed,
        Transfer c when funds.Known.Find(KeyOf(c.Id)) is not 0 and var known => known == ContentOf(c)
            ? Decision.Nothing
            : FundsRejection.TransferNoReused,
        Transfer c when !funds.Covers(c.Facts, c.Amount, ofAvailable: true) => FundsRejection.FundsInsufficient,
        Transfer c => new FundsEvent.Transferred(c.Id, c.Merchant, c.To, c.Amount, c.Reason, c.Day, c.At),

        // The same hold again may ask for a fen less, when another refund came first: it takes what stands.
        Hold c when funds.HeldMinor(c.Id) is not 0 and var held => held >= c.Amount.MinorUnits
            ? Decision.Nothing
            : FundsRejection.HoldDiffers,
        Hold c when !funds.Covers(c.Facts, c.Amount, c.Id.IsOfAvailable) => FundsRejection.FundsInsufficient,
        Hold c => new FundsEvent.Held(c.Id, c.Merchant, c.Amount, c.At),

        // It may have grown since it was put aside, never shrunk.
        Withhold c when funds.HeldMinor(c.Id) is var held && held >= c.Amount.MinorUnits => Decision.Nothing,
        Withhold c when funds.HeldMinor(c.Id) is not 0 and var held => Decision.All(
            new FundsEvent.Released(c.Id, c.Merchant, c.Amount with { MinorUnits = held }, "it is more", c.At),
            new FundsEvent.Held(c.Id, c.Merchant, c.Amount, c.At)),
        Withhold c => new FundsEvent.Held(c.Id, c.Merchant, c.Amount, c.At),

        Release c when funds.HeldMinor(c.Id) != c.Amount.MinorUnits => Decision.Nothing,
        Release c => new FundsEvent.Released(c.Id, c.Merchant, c.Amount, c.Reason, c.At),

        _ => throw new UnreachableException($"No rule answers {command}."),
    };

    public static MerchantFunds Evolve(MerchantFunds funds, FundsEvent @event) => @event switch
    {
        FundsEvent.Held e => funds.Moved(e.Amount, e.Hold.IsOfAvailable, KeyOf(e.Hold), e.Amount.MinorUnits),
        FundsEvent.Released e => funds.Moved(-e.Amount, e.Hold.IsOfAvailable, KeyOf(e.Hold), 0),
        FundsEvent.Transferred e => funds.Moved(e.Amount, true, KeyOf(e.Transfer), ContentOf(e.To, e.Amount, e.Reason)),
        FundsEvent.OverdraftLimitSet e => funds with
        {
            Sides = funds.With(funds.Of(e.Limit.Currency) with { Limit = e.Limit }),
        },
        _ => throw new InvalidDataException($"{@event} cannot follow {funds}."),
    };

    private bool Covers(FundsFacts facts, Money amount, bool ofAvailable) => !(amount > Spendable(facts, ofAvailable));

    /// <summary>What may leave the merchant now, with the limit agreed with it.</summary>
    public Money Spendable(FundsFacts facts, bool ofAvailable)
    {
        var side = Of(facts.Free.Currency);
        var free = facts.Free - (side.Out - facts.Out) + side.Limit;
        var available = facts.Available - (side.OutOfAvailable - facts.OutOfAvailable) + side.Limit;
        return ofAvailable && free > available ? available : free;
    }

    private MerchantFunds Moved(Money amount, bool ofAvailable, UInt128 key, long value)
    {
        var side = Of(amount.Currency);
        var moved = side with
        {
            Out = side.Out + amount, OutOfAvailable = ofAvailable ? side.OutOfAvailable + amount : side.OutOfAvailable,
        };
        return new(With(moved), Known.With(key, value));
    }

    // Nearly every merchant has one currency.
    private ValueList<FundsSide> With(FundsSide changed) =>
        Sides is [] || (Sides is [var only] && only.Limit.Currency == changed.Limit.Currency)
            ? [changed]
            : Sides.Where(side => side.Limit.Currency != changed.Limit.Currency).Append(changed).ToValueList();

    // Who has an account of his own, and our own income. Nobody pays into a channel, a bank or a clearing by hand.
    private static bool MayReceive(Account to) => to switch
    {
        { Kind: AccountKind.MerchantAvailable or AccountKind.SplitReceiver, Owner.Length: > 0 } => true,
        { Kind: AccountKind.FeeIncome, Owner: "" } => true,
        _ => false,
    };

    private static UInt128 KeyOf(HoldId hold) => KnownNumbers.KeyOf($"hold:{hold}");
    private static UInt128 KeyOf(TransferId transfer) => KnownNumbers.KeyOf($"transfer:{transfer}");

    private static long ContentOf(Transfer c) => ContentOf(c.To, c.Amount, c.Reason);

    // Never zero, which stands for nothing known.
    private static long ContentOf(Account to, Money amount, string reason) =>
        (long)(ulong)(KnownNumbers.KeyOf($"{to}\n{amount.MinorUnits} {amount.Currency}\n{reason}") & long.MaxValue) | 1;
}

/// <summary>What a funds stream has let go in one currency, and how far below zero it may go.</summary>
/// <param name="Out">Put aside, less released, plus transferred: from the beginning.</param>
/// <param name="OutOfAvailable">The part of it that concerns cleared money.</param>
/// <param name="Limit">The agreed overdraft limit; zero by default.</param>
public sealed record FundsSide(Money Out, Money OutOfAvailable, Money Limit)
{
    public static FundsSide None(Currency currency) =>
        new(Money.Zero(currency), Money.Zero(currency), Money.Zero(currency));
}
