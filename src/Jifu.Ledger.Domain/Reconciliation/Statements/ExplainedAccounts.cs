using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>The accounts to which a line of the bank may be explained.</summary>
public static class ExplainedAccounts
{
    /// <summary>Those that are no channel's; besides them <c>channel_cost:</c>, <c>channel_receivable:</c> and
    /// <c>difference_result:</c> of any channel.</summary>
    public static readonly IReadOnlyList<Account> Plain =
        [Account.BankFee, Account.BankInterest, Account.OwnTransfer, Account.BankSuspense];

    private static readonly AccountKind[] OfChannels =
        [AccountKind.ChannelCost, AccountKind.ChannelReceivable, AccountKind.DifferenceResult];

    private static readonly string[] Channels =
        [.. Enum.GetValues<Channel>().Where(channel => channel != default).Select(channel => channel.Name())];

    /// <summary>Whether it is one of them.</summary>
    public static bool Take(Account account) =>
        Plain.Contains(account) || (OfChannels.Contains(account.Kind) && Channels.Contains(account.Owner));

    /// <summary>Why one is not taken, and which ones are.</summary>
    public static string NotTaken(Account account) => OfChannels.Contains(account.Kind)
        ? $"{account}: there is no channel '{account.Owner}'; there are {string.Join(", ", Channels)}."
        : $"{account} takes no line of the bank: {string.Join(", ", Plain)}, "
            + $"{string.Join(", ", OfChannels.Select(kind => $"{SnakeCase.Of($"{kind}")}:CHANNEL"))} do.";
}
