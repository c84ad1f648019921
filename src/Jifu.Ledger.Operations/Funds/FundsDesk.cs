using System.Collections.Concurrent;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Merchants;

namespace Jifu.Ledger.Operations.Funds;

/// <summary>What became of a transfer.</summary>
/// <param name="IsNew">True when this very request made it; false for a repeat.</param>
/// <param name="Refusal">Why it was not made; null when it was.</param>
public sealed record TransferOutcome(bool IsNew, Refusal? Refusal);

/// <summary>Lets money leave a merchant only as far as it has some: puts aside what refunds, splits and payouts need,
/// and carries transfers (转账).</summary>
public sealed class FundsDesk(CommandDesk desk, MerchantDesk merchants, KnownFunds known, TimeProvider time)
{
    private readonly ConcurrentDictionary<MerchantId, bool> _registered = new();

    /// <summary>Puts an amount aside. The same hold again is quiet, whoever asks.</summary>
    /// <returns>What is put aside under that name, or why nothing is.</returns>
    public async Task<(Money? Held, Refusal? Refusal)> Hold(
        MerchantId merchant, HoldId hold, Money amount, EventMetadata metadata, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var handled = await Covered(
            merchant, amount.Currency, facts => new FundsCommand.Hold(hold, merchant, amount, facts, at), metadata,
            cancellation);
        return handled.Rejection is { } rejection
            ? (null, Refused(rejection, merchant, amount))
            : (amount with { MinorUnits = handled.State.HeldMinor(hold) }, null);
    }

    /// <summary>Frees what was put aside. Only for what can never happen any more.</summary>
    public Task Release(
        MerchantId merchant, HoldId hold, Money amount, string reason, EventMetadata metadata,
        CancellationToken cancellation) =>
        Handle(
            merchant, new FundsCommand.Release(hold, merchant, amount, reason, time.GetUtcNow()), metadata,
            cancellation);

    /// <summary>Puts aside what the merchant has to give back, whether it has it or not. The same again is
    /// quiet.</summary>
    public Task Withhold(
        MerchantId merchant, HoldId hold, Money amount, EventMetadata metadata, CancellationToken cancellation) =>
        Handle(merchant, new FundsCommand.Withhold(hold, merchant, amount, time.GetUtcNow()), metadata, cancellation);

    /// <summary>What may leave a merchant now, with the limit agreed with it.</summary>
    public async Task<Money> Spendable(
        MerchantId merchant, Currency currency, bool ofAvailable, CancellationToken cancellation)
    {
        var facts = await known.FindAtHead(merchant, currency, cancellation);
        return (await desk.Load(Aggregates.Funds, merchant.Value, cancellation)).Spendable(facts, ofAvailable);
    }

    /// <summary>Gives cleared money to another account. The same transfer again is quiet.</summary>
    public async Task<TransferOutcome> Transfer(
        TransferId transfer, MerchantId from, Account to, Money amount, string reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        if (!await IsRegistered(from, amount.Currency, cancellation))
            return new(false, Refusal.Of(MerchantRejection.MerchantNotFound, $"No merchant {from}."));
        if (to.Kind == AccountKind.MerchantAvailable
            && !await IsRegistered(new(to.Owner), amount.Currency, cancellation))
            return new(false, Refusal.Of(MerchantRejection.MerchantNotFound, $"No merchant {to.Owner}."));
        var at = time.GetUtcNow();
        var handled = await Covered(
            from, amount.Currency,
            facts => new FundsCommand.Transfer(transfer, from, to, amount, reason, facts, BusinessDay.Of(at), at),
            metadata, cancellation);
        return handled.Rejection is { } rejection
            ? new(false, Refused(rejection, from, amount))
            : new(handled.Events is not [], null);
    }

    /// <summary>How far below zero a merchant may go from now on. The same again is quiet.</summary>
    public async Task<Refusal?> SetOverdraftLimit(
        MerchantId merchant, Money limit, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        if (!await IsRegistered(merchant, limit.Currency, cancellation))
            return Refusal.Of(MerchantRejection.MerchantNotFound, $"No merchant {merchant}.");
        var handled = await Handle(
            merchant, new FundsCommand.SetOverdraftLimit(merchant, limit, reason, time.GetUtcNow()), metadata,
            cancellation);
        return handled.Rejection is { } rejection ? Refused(rejection, merchant, limit) : null;
    }

    // Old facts may refuse what new ones allow, never the other way round: a refusal is given on new ones only. What
    // the read model says now often suffices, and is all there is while it has stopped.
    private async Task<Handled<MerchantFunds, FundsEvent, FundsRejection>> Covered(
        MerchantId merchant, Currency currency, Func<FundsFacts, FundsCommand> command, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var facts = await known.Find(merchant, currency, cancellation);
        var handled = await Handle(merchant, command(facts), metadata, cancellation);
        if (handled.Rejection == FundsRejection.FundsInsufficient
            && await known.FindNewest(merchant, currency, cancellation) is { } newest && newest != facts)
            handled = await Handle(merchant, command(newest), metadata, cancellation);
        if (handled.Rejection != FundsRejection.FundsInsufficient)
            return handled;
        facts = await known.FindAtHead(merchant, currency, cancellation);
        return await Handle(merchant, command(facts), metadata, cancellation);
    }

    private Task<Handled<MerchantFunds, FundsEvent, FundsRejection>> Handle(
        MerchantId merchant, FundsCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        desk.Handle(Aggregates.Funds, merchant.Value, command, metadata, cancellation);

    // Nobody is ever unregistered, so who was found once need not be looked for again.
    private ValueTask<bool> IsRegistered(MerchantId merchant, Currency currency, CancellationToken cancellation) =>
        _registered.ContainsKey(merchant) ? new(true) : new(Registers(merchant, currency, cancellation));

    private async Task<bool> Registers(MerchantId merchant, Currency currency, CancellationToken cancellation) =>
        (await known.IsRegistered(merchant, currency, cancellation)
            || await merchants.Find(merchant, cancellation) is not null) && (_registered[merchant] = true);

    private static Refusal Refused(FundsRejection rejection, MerchantId merchant, Money amount) =>
        Refusal.Of(rejection, rejection == FundsRejection.FundsInsufficient
            ? $"{merchant} does not have {amount} to give away."
            : $"{amount} of {merchant}.");
}
