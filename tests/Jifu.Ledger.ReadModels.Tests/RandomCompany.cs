using Jifu.Ledger.Clearing;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A small company whose merchants do what a seed says: orders, splits, refunds, cancellations,
/// clearing.</summary>
internal static class RandomCompany
{
    public static async Task Trade(Company company, int seed, int steps)
    {
        var (random, day) = (new Random(seed), Company.Friday);
        var paid = new List<(PaymentId Id, long Fen)>();
        foreach (var merchant in new[] { "m1", "m2", "m3" })
            await company.Register(merchant);
        for (var i = 0; i < steps; i++)
        {
            switch (random.Next(8))
            {
                case 0 when paid.Count > 0:
                    var at = random.Next(paid.Count);
                    var (id, fen) = paid[at];
                    var part = random.Next(3) == 0 ? fen : random.NextInt64(1, fen + 1);
                    await company.Refund(id, $"r{i}", part, day, fails: random.Next(4) == 0);
                    paid.RemoveAt(at);
                    break;
                case 1 when paid.Count > 0:
                    await company.Cancel(paid[^1].Id, day);
                    paid.RemoveAt(paid.Count - 1);
                    break;
                case 2 when i > 3:
                    await Clear(company, day);
                    (day, paid) = (day.Next, []);
                    break;
                default:
                    var amount = random.NextInt64(1, 100_00);
                    SplitRule[] split = random.Next(3) == 0 && amount > 10
                        ? [new(new("agent"), SplitBasis.Rate, 100_000)]
                        : [];
                    paid.Add((await company.Pay($"m{random.Next(1, 4)}", $"{i}", amount, day, split), amount));
                    break;
            }
        }

        await company.CatchUp();
    }

    private static async Task Clear(Company company, BusinessDay day)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, day, Settlement.SettlementTerm.T1, 1);
        await company.Open(batch, day);
        await company.CatchUp();
        var positions = await new ClearingQueries(company.Views).PositionsOf(batch, default);
        if (positions.Count > 0)
            await company.Clear(batch, day, positions);
    }
}
