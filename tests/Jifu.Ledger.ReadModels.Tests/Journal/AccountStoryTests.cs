using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Journal;

namespace Jifu.Ledger.ReadModels.Tests.Journal;

/// <summary>Why a balance is what it is adds up, at every position of a company that does what it likes.</summary>
public class AccountStoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Opening_and_rules_and_lines_come_to_the_balance_at_every_position(int seed)
    {
        await using var company = await Company.Found();
        await RandomCompany.Trade(company, seed, 20);
        var (story, journal, head) = (
            new AccountStory(company.Views), new JournalQueries(company.Views), await company.Log.Head(default));
        var accounts = (await journal.Balances(null, AsOf.Now, default)).Select(row => row.Account).ToList();
        var random = new Random(seed);
        (await story.Position(default)).ShouldBe(head);
        for (var position = -1L; position <= head; position += 1 + random.Next(3))
        {
            var balances = (await journal.Balances(null, new(Position: position), default))
                .ToDictionary(row => row.Account, row => row.BalanceMinor);
            var since = random.NextInt64(-1, position + 1);
            foreach (var name in accounts.Where(_ => random.Next(3) == 0))
            {
                Account.TryParse(name, out var account).ShouldBeTrue();
                var expected = balances.GetValueOrDefault(name);
                var opening = (await story.Held(account, since, null, default)).Sum(held => held.BalanceMinor);
                var rules = await story.Rules(account, since, position, null, default);
                (opening + rules.Sum(rule => rule.NetMinor)).ShouldBe(expected, $"{name} at {position}");

                var lines = await story.Lines(account, since, position, null, default).ToListAsync();
                (opening + lines.Sum(line => line.AmountMinor)).ShouldBe(expected, $"{name} at {position}");
                lines.Count.ShouldBe((int)rules.Sum(rule => rule.Lines));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Rules_and_lines_up_to_a_business_day_come_to_the_balance_of_that_day(int seed)
    {
        await using var company = await Company.Found();
        await RandomCompany.Trade(company, seed, 20);
        var (story, journal, head) = (
            new AccountStory(company.Views), new JournalQueries(company.Views), await company.Log.Head(default));
        var days = new HashSet<long>();
        for (var day = Company.Friday.Previous; day < Company.Friday.Next.Next.Next; day = day.Next)
        {
            foreach (var row in await journal.Balances(null, new(Day: day), default))
            {
                Account.TryParse(row.Account, out var account).ShouldBeTrue();
                var lines = await story.Lines(account, -1, head, day, default).ToListAsync();
                lines.Where(line => line.Currency == row.Currency).Sum(line => line.AmountMinor)
                    .ShouldBe(row.BalanceMinor, $"{account} {day}");
                (await story.Rules(account, -1, head, day, default)).Where(rule => rule.Currency == row.Currency)
                    .Sum(rule => rule.NetMinor).ShouldBe(row.BalanceMinor);
                foreach (var told in new[]
                {
                    story.Held(account, head, day, default), story.Kept(account, head, day, default),
                })
                    (await told).Single(held => held.Currency == row.Currency).BalanceMinor.ShouldBe(row.BalanceMinor);
                days.Add(row.BalanceMinor);
            }
        }

        days.Count.ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_was_and_what_changed_make_what_is_and_changes_sum_to_zero(int seed)
    {
        await using var company = await Company.Found();
        await RandomCompany.Trade(company, seed, 20);
        var (story, journal, head) = (
            new AccountStory(company.Views), new JournalQueries(company.Views), await company.Log.Head(default));
        var random = new Random(seed);
        for (var i = 0; i < 30; i++)
        {
            var from = random.NextInt64(-1, head + 1);
            var to = random.NextInt64(from, head + 1);
            var changes = await story.Changes(from, to, default);
            changes.GroupBy(one => one.Currency).ShouldAllBe(sum => sum.Sum(one => one.AmountMinor) == 0);

            var (before, after) = (await At(from), await At(to));
            foreach (var change in changes.GroupBy(one => one.Account))
            {
                change.ShouldAllBe(one => one.BeforeMinor == before.GetValueOrDefault(change.Key));
                before[change.Key] = before.GetValueOrDefault(change.Key) + change.Sum(one => one.AmountMinor);
            }

            before.OrderBy(one => one.Key).ShouldBe(after.OrderBy(one => one.Key), $"{from} to {to}");
        }

        async Task<Dictionary<string, long>> At(long position) =>
            (await journal.Balances(null, new(Position: position), default))
                .ToDictionary(row => row.Account, row => row.BalanceMinor);
    }
}
