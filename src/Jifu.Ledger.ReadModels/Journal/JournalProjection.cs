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
            for (var i = 0; i < entry.Lines.Count; i++)
            {
                var line = new Line(recorded, entry, i + 1, entry.Lines[i]);
                lines.Add(line);
                var (debit, credit) = sums.GetValueOrDefault((line.Account, line.Currency));
                sums[(line.Account, line.Currency)] =
                    (debit + Math.Max(line.Amount, 0), credit + Math.Max(-line.Amount, 0));
            }
        }

        return lines.Count == 0 ? [] : [
            Insert(lines),

            // Always in one order, so that two who write at once never wait for each other in a circle.
            Add([.. sums.OrderBy(sum => sum.Key.Account, StringComparer.Ordinal).ThenBy(sum => sum.Key.Currency)]),
        ];
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
        List<KeyValuePair<(string Account, string Currency), (long Debit, long Credit)>> sums) =>
        new(
            """
            INSERT INTO account_balance AS b (account, currency, debit_minor, credit_minor)
            SELECT * FROM unnest(@account, @currency, @debit, @credit)
            ON CONFLICT (account, currency) DO UPDATE SET
                debit_minor = b.debit_minor + excluded.debit_minor,
                credit_minor = b.credit_minor + excluded.credit_minor
            """,
            sums.Count,
            Column.Of("account", sums, s => s.Key.Account),
            Column.Of("currency", sums, s => s.Key.Currency),
            Column.Of("debit", sums, s => s.Value.Debit),
            Column.Of("credit", sums, s => s.Value.Credit));

    private sealed record Line(Recorded<object> Recorded, JournalEntry Entry, int No, JournalLine Made)
    {
        public string Stream { get; } = Recorded.Stream.ToString();
        public string Account { get; } = Made.Account.ToString();
        public string Currency { get; } = Column.Name(Made.Amount.Currency);
        public long Amount => Made.Amount.MinorUnits;
    }
}
