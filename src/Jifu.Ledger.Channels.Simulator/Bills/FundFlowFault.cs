namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>What is wrong, on purpose, with the fund flow of a day.</summary>
internal enum FundFlowFault
{
    None,

    /// <summary>The channel says that it has none yet.</summary>
    Missing,

    /// <summary>From the middle on, each balance is a yuan too high.</summary>
    BalanceGap,

    /// <summary>The file is not the one of which the channel told the hash.</summary>
    HashWrong,
}
