namespace Jifu.Ledger.Cli.Day;

/// <summary>A merchant of the play.</summary>
/// <param name="RatePpm">Its fee for the sandbox channel, in parts per million.</param>
/// <param name="SplitPpm">What an agent gets of each payment; 0 for no split.</param>
internal sealed record PlayedMerchant(string Id, string Name, string Term, int RatePpm, int SplitPpm, bool SignsByRsa);

/// <summary>What becomes of an order in the play.</summary>
internal enum OrderFate
{
    PaidAtOnce,
    PaidByScan,
    NeverPaid,
    Refused,
    Silent,
    Late,
    Twice,
    Cancelled,
}

/// <summary>One order, with everything that will be done about it.</summary>
/// <param name="Slice">The part of the day in which it is made.</param>
/// <param name="Refunds">Refunds of it in minor units, in order.</param>
/// <param name="IsRepeated">True when the merchant sends it twice, as after a lost answer.</param>
internal sealed record PlannedOrder(
    int Slice, PlayedMerchant Merchant, string OrderNo, long AmountMinor, OrderFate Fate, IReadOnlyList<long> Refunds,
    bool IsRepeated);

/// <summary>What a day of a payment company looks like: the same day, seed and counts give the same orders.</summary>
internal static class DayPlan
{
    /// <summary>How many parts the day is played in.</summary>
    public const int Slices = 24;

    public static readonly IReadOnlyList<PlayedMerchant> Merchants =
    [
        new("day-teahouse", "半山茶馆", "t1", 6000, 0, false),
        new("day-bookshop", "知行书店", "t1", 3800, 0, true),
        new("day-market", "菜篮子市集", "t0", 5500, 0, false),
        new("day-platform", "同城到家平台", "t1", 6000, 120_000, false),
        new("day-charity", "零钱公益", "t1", 0, 0, false),
    ];

    public static IReadOnlyList<PlannedOrder> Of(BusinessDay day, int payments, double refundRate, int seed)
    {
        // A stated generator with a stated seed: the play can be repeated anywhere.
        var random = new Random(HashCode(day, seed));
        var orders = new List<PlannedOrder>(payments);
        for (var i = 0; i < payments; i++)
        {
            var merchant = Merchants[random.Next(Merchants.Count)];
            var amount = Amount(random);
            var fate = Fate(random);
            var refunds = fate is not (OrderFate.NeverPaid or OrderFate.Refused or OrderFate.Cancelled)
                && random.NextDouble() < refundRate
                ? Refunds(random, amount)
                : [];
            orders.Add(new(
                (int)((long)i * Slices / payments), merchant, FormattableString.Invariant(
                    $"{day.Date:yyyyMMdd}-{seed}-{i + 1:000000}"), amount, fate, refunds, random.Next(100) == 0));
        }

        return orders;
    }

    // From a fen to five thousand yuan, most of them small: as tills see it.
    private static long Amount(Random random) => Math.Max(1, (long)Math.Exp(random.NextDouble() * Math.Log(500_000)));

    private static OrderFate Fate(Random random) => random.Next(1000) switch
    {
        < 560 => OrderFate.PaidAtOnce,
        < 900 => OrderFate.PaidByScan,
        < 930 => OrderFate.NeverPaid,
        < 950 => OrderFate.Refused,
        < 954 => OrderFate.Silent,
        < 974 => OrderFate.Late,
        < 989 => OrderFate.Twice,
        _ => OrderFate.Cancelled,
    };

    private static List<long> Refunds(Random random, long amount)
    {
        if (amount < 3 || random.Next(2) == 0)
            return [amount];
        var first = random.NextInt64(1, amount);
        return random.Next(2) == 0 ? [first] : [first, amount - first];
    }

    // Not System.HashCode, which is another one in each process.
    private static int HashCode(BusinessDay day, int seed) => unchecked((day.Date.DayNumber * 486_187_739) ^ seed);
}
