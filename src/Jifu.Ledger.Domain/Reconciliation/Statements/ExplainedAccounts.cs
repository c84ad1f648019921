using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>The accounts to which a line of the bank may be explained.</summary>
public static class ExplainedAccounts
{
    /// <summary>Those that are no channel's; besides them <c>channel_cost:</c>, <c>channel_receivable:</c> and
    /// <c>difference_result:</c> of any channel.</summary>
    public static readonly IReadOnlyList<Account> Plain =
        [Account.BankFee, Account.BankInterest, Account.OwnTransfer, Account.BankSuspense];

    /// <summary>Whether it is one of them.</summary>
    public static bool Take(Account account) => Plain.Contains(account)
        || (account.Kind is AccountKind.ChannelCost or AccountKind.ChannelReceivable or AccountKind.DifferenceResult
            && Enum.GetValues<Channel>().Any(channel => channel != default && channel.Name() == account.Owner));
}
