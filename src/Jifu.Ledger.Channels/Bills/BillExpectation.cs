namespace Jifu.Ledger.Channels.Bills;

/// <summary>What a bill must be; anything else is refused. Null stands for any.</summary>
/// <param name="Channel">Whose bill. The sandbox writes WeChat Pay's.</param>
/// <param name="Day">The day of each row.</param>
/// <param name="Merchant">The merchant number at the channel, or a sub-merchant's, of each row.</param>
/// <param name="WasTaken">It was imported before, perhaps when fewer rules held: what it listed then it still lists.
/// </param>
public sealed record BillExpectation(
    Channel? Channel = null, BusinessDay? Day = null, string? Merchant = null, bool WasTaken = false);
