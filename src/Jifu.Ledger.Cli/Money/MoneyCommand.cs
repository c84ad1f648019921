using System.CommandLine;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money …</c>: what was imported, and the money beside the bills.</summary>
internal static class MoneyCommand
{
    public static Command Create() => new("money", "What was imported, and the money beside the bills (资金)")
    {
        ThreeSidesCommand.Create(), BalanceCommand.Create(), ImportsCommand.Create(), FileCommand.Create(),
        StatementCommands.Preview(), StatementCommands.Import(),
        BankCommands.Open(), BankCommands.Match(), LineCommands.Confirm(), LineCommands.Unmatch(),
        LineCommands.Explain(), LineCommands.Approve(), LineCommands.Reject(),
    };
}
