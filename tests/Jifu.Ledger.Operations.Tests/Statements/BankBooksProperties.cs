using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>Whatever bills, lines and people say, in whatever order: the books have in the bank what its lines are that
/// somebody knows, and each fen of it stands against what it is.</summary>
public class BankBooksProperties
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly Account[] Explained = [Account.BankFee, Account.BankSuspense];

    [Theory]
    [InlineData(20261122)]
    [InlineData(7)]
    public async Task The_bank_holds_what_its_known_lines_say(int seed)
    {
        await using var desk = await BankDesk.Open();
        BusinessDay[] days = [Friday.Previous, Friday];
        var owed = days.ToDictionary(day => day, _ => 10_00L);
        foreach (var day in days)
            await desk.Owes(day, owed[day]);
        var (random, lines) = (new Random(seed), new List<string>());
        for (var step = 0; step < 50; step++)
        {
            await Something(desk, random, owed, lines, $"L-{step:00}");
            await ItHolds(desk, days[0], owed.Values.Sum(), $"seed {seed}, step {step}");
        }

        await desk.Same();
    }

    private static async Task Something(
        BankDesk desk, Random random, Dictionary<BusinessDay, long> owed, List<string> lines, string name)
    {
        var (one, other) = random.Next(2) == 0 ? (Mei, Bo) : (Bo, Mei);
        var day = owed.Keys.Order().ElementAt(random.Next(owed.Count));
        var line = lines.Count > 0 ? lines[random.Next(lines.Count)] : "";
        switch (random.Next(7))
        {
            case 0 or 1 when lines.Count < 10:
                lines.Add(name);
                var sign = random.Next(6) == 0 ? "-" : "";
                await desk.Brings(
                    $"{sign}{random.Next(1, 13)}.{(random.Next(3) == 0 ? "50" : "00")},{name},"
                        + (random.Next(2) == 0 ? "沙箱" : "茶馆"));
                break;
            case 2:
                await desk.OwesInstead(day, owed[day] = 100 * random.Next(8, 13));
                await desk.House.Bank.Run(one, default);
                break;
            case 3 when line.Length > 0:
                await desk.Undo(line, one);
                break;
            case 4 when lines.Count > 1:
                await desk.ConfirmTogether(
                    one, Funds(day), [.. lines.Where(_ => random.Next(2) == 0).DefaultIfEmpty(line)]);
                break;
            case 5 or 6 when line.Length > 0:
                var to = (await desk.OpenMoney()).Split(", ", StringSplitOptions.RemoveEmptyEntries)
                    .Where(_ => random.Next(2) == 0).Select(id => id.Split(' ')[0]).ToArray();
                await desk.Approve(
                    await desk.Explain(one, Explained[random.Next(2)], to, line), other);
                break;
            default:
                break;
        }
    }

    private static async Task ItHolds(BankDesk desk, BusinessDay first, long owed, string step)
    {
        await desk.House.CatchUp();
        var known = (await desk.Queries.Lines(Friday, Friday.Next, false, default))
            .Where(line => line.MatchedBy is not null).ToList();
        var bank = await desk.Balance(Account.Bank);
        bank.ShouldBe(known.Sum(line => line.AmountMinor), step);
        var explained = 0L;
        foreach (var account in Explained)
            explained += await desk.Balance(account);
        (-explained).ShouldBe(known.Sum(line => line.ExplainedMinor ?? 0), step);
        (await desk.Balance(Account.Receivable(Channel.Sandbox))).ShouldBe(-bank - explained, step);

        // What is not here of what the bills say is expected, to the fen.
        var open = (await desk.Queries.Expected(first, Friday.Next, default)).Sum(one => one.AmountMinor);
        (bank + explained + open).ShouldBe(owed, step);
    }
}
