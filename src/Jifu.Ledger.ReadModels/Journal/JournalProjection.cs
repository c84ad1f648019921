using System.Runtime.InteropServices;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>Keeps <c>journal_line</c> and <c>account_balance</c>: the entries that the posting rules make, and their
/// sums.</summary>
public sealed class JournalProjection : IProjection
{
    public string Name => "journal";

    public IReadOnlyList<string> Tables => ["journal_line", "account_balance"];

    public IReadOnlyList<string> SearchedBy => ["account_balance_pkey"];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var lines = new List<Line>();
        var sums = new Dictionary<(string Account, string Currency), (long Debit, long Credit)>();
        foreach (var recorded in page)
        {
            if (PostingRules.EntryFor(recorded.Event) is not { } entry)
                continue;
            var stream = recorded.Stream.ToString();
            for (var i = 0; i < entry.Lines.Count; i++)
            {
                var (account, amount) = entry.Lines[i];
                var line = new Line(
                    recorded, entry, i + 1, stream, account.ToString(), Column.Name(amount.Currency),
                    amount.MinorUnits);
                lines.Add(line);
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    sums, (line.Account, line.Currency), out _);
                sum = (sum.Debit + Math.Max(line.Amount, 0), sum.Credit + Math.Max(-line.Amount, 0));
            }
        }

        if (lines.Count == 0)
            return [];

        // Always in one order, so that two who write at once never wait for each other in a circle.
        var added = sums.ToList();
        added.Sort((a, b) => string.CompareOrdinal(a.Key.Account, b.Key.Account) is not 0 and var order
            ? order
            : string.CompareOrdinal(a.Key.Currency, b.Key.Currency));
        return [Insert(lines), Add(added)];
    }

    private static Statement Insert(List<Line> lines) => Statement.Insert(
        "journal_line", lines.Count,
        Column.Of("position", lines, l => l.Recorded.Position),
        Column.Of("line_no", lines, l => l.No),
        Column.Of("recorded_at", lines, l => l.Recorded.RecordedAt.ToUniversalTime()),
        Column.Of("business_day", lines, l => l.Entry.Day.Date),
        Column.Of("rule", lines, l => l.Entry.Rule),
        Column.Of("account", lines, l => l.Account),
        Column.Of("currency", lines, l => l.Currency),
        Column.Of("amount_minor", lines, l => l.Amount),
        Column.Of("stream", lines, l => l.Stream));

    private static Statement Add(
        List<KeyValuePair<(string Account, string Currency), (long Debit, long Credit)>> sums)
    {
        (string, object)[] columns =
        [
            Column.Of("account", sums, s => s.Key.Account),
            Column.Of("currency", sums, s => s.Key.Currency),
            Column.Of("debit_minor", sums, s => s.Value.Debit),
            Column.Of("credit_minor", sums, s => s.Value.Credit),
        ];
        return new(
            """
            UPDATE account_balance b SET
                debit_minor = b.debit_minor + s.debit_minor, credit_minor = b.credit_minor + s.credit_minor
            FROM unnest(@account, @currency, @debit_minor, @credit_minor)
                AS s (account, currency, debit_minor, credit_minor)
            WHERE b.account = s.account AND b.currency = s.currency
            """,
            sums.Count, columns) { Missing = Statement.InsertMissing("account_balance", sums.Count, columns) };
    }

    private readonly record struct Line(
        Recorded<object> Recorded, JournalEntry Entry, int No, string Stream, string Account, string Currency,
        long Amount);
}
