using System.Text;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Domain.Tests.Journal;

using static Given;

/// <summary>What each event posts; and that docs/concepts/chart-of-accounts.md says the same.</summary>
public class PostingRulesTests
{
    private static readonly string Page = Read();

    private static readonly List<string[]> Rows = [.. Page.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim().Trim('`')).ToArray())];

    [Fact]
    public void Each_event_posts_this()
    {
        var told = new StringBuilder();
        foreach (var example in EventExamples.All)
        {
            var entry = PostingRules.EntryFor(example);
            told.Append($"{Name(example)}{(entry is null ? ": nothing" : $": {entry.Rule} on {entry.Day}")}\n");
            foreach (var line in entry?.Lines ?? [])
                told.Append($"  {line}\n");
        }

        $"{told}".ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void Each_event_of_the_rules_has_an_example() => typeof(Money).Assembly.GetExportedTypes()
        .Where(type => type.IsAbstract && type.Name.EndsWith("Event", StringComparison.Ordinal))
        .SelectMany(hierarchy => hierarchy.GetNestedTypes().Where(type => type.IsSubclassOf(hierarchy)))
        .Except(EventExamples.All.Select(example => example.GetType()))
        .ShouldBeEmpty("EventExamples shows one of each event");

    [Fact]
    public void The_chart_says_of_each_event_what_it_posts_or_that_it_posts_nothing()
    {
        foreach (var example in EventExamples.All)
        {
            var (name, entry) = (Name(example), PostingRules.EntryFor(example));
            if (entry is null)
                Page.Split("post nothing")[1].Split("## ")[0].ShouldContain($"`{name}`");
            else
                Said(name).ShouldBe((entry.Rule, Kinds(entry, debit: true), Kinds(entry, debit: false)), name);
        }
    }

    [Fact]
    public void The_chart_names_each_account_and_the_side_on_which_it_grows()
    {
        foreach (var kind in Enum.GetValues<AccountKind>().Except([AccountKind.None]))
        {
            var row = Rows.Single(row => row.Length == 6 && row[0] == SnakeCase.Of($"{kind}"));
            row[3].ShouldBe(row[2] is "asset" or "expense" ? "debit" : "credit");
        }
    }

    [Fact]
    public void The_day_of_the_chart_is_what_the_rules_post() => Page.ShouldContain(WorkedDay.Told());

    [Fact]
    public void An_entry_out_of_balance_cannot_be_built()
    {
        JournalLine[] lines = [new(Account.Bank, Cny(1)), new(Account.FeeIncome, Cny(-2))];
        Should.Throw<InvalidOperationException>(() => new JournalEntry(Friday, "wrong", lines))
            .Message.ShouldContain("out of balance by CNY -0.01");
        JournalLine[] mixed = [new(Account.Bank, Cny(1)), new(Account.FeeIncome, new(-1, Currency.USD))];
        Should.Throw<InvalidOperationException>(() => new JournalEntry(Friday, "wrong", mixed));
        Should.Throw<InvalidOperationException>(() => new JournalEntry(Friday, "empty", [new(Account.Bank, Cny(0))]));
    }

    [Fact]
    public void An_accounts_name_reads_back()
    {
        foreach (var account in new[] { Account.Bank, Account.Pending(new("m:8")), Account.Suspense(Channel.Alipay) })
        {
            Account.TryParse($"{account}", out var read).ShouldBeTrue();
            read.ShouldBe(account);
        }

        Account.TryParse("petty_cash", out _).ShouldBeFalse();
        Account.TryParse("none", out _).ShouldBeFalse();
        Account.TryParse(null, out _).ShouldBeFalse();
    }

    // The rows of an event: the one that names it, and those without a name beneath.
    private static (string Rule, string Debits, string Credits) Said(string name)
    {
        var at = Rows.FindIndex(row => row.Length == 5 && row[0] == name);
        at.ShouldBeGreaterThanOrEqualTo(0, $"{name} has no row");
        var rows = Rows.Skip(at + 1).TakeWhile(row => row[0].Length == 0).Prepend(Rows[at]).ToList();
        return (Rows[at][1], Sorted(rows.Select(row => row[2])), Sorted(rows.Select(row => row[3])));
    }

    private static string Kinds(JournalEntry entry, bool debit) => Sorted(entry.Lines
        .Where(line => line.Amount.IsPositive == debit).Select(line => SnakeCase.Of($"{line.Account.Kind}")));

    private static string Sorted(IEnumerable<string> kinds) => string.Join(", ", kinds.Distinct().Order());

    private static string Name(object example) =>
        $"{example.GetType().DeclaringType!.Name[..^"Event".Length].ToLowerInvariant()}."
        + SnakeCase.Of(example.GetType().Name);

    private static string Read()
    {
        using var page = typeof(PostingRulesTests).Assembly.GetManifestResourceStream("chart-of-accounts.md")!;
        using var reader = new StreamReader(page);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
