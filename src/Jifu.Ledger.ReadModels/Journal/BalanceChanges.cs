using System.Runtime.InteropServices;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>What a page does to each account: one row of <c>balance</c> for all that moves with a posting, so that a
/// transfer changes two rows and no more.</summary>
/// <remarks>Of a merchant's pending and available money the row also tells what of it is put aside, and how much the
/// merchant's stream of funds had let go of it: what <see cref="FundsEffect"/> adds up.</remarks>
/// <param name="about">About how many rows they will be.</param>
internal sealed class BalanceChanges(int about)
{
    private readonly Dictionary<(Account Account, Currency Currency), Change> _changes = new(about);

    /// <summary>Posts a line.</summary>
    /// <returns>The row that it changes.</returns>
    public Change Post(JournalLine line)
    {
        var change = Of(line.Account, line.Amount.Currency);
        var minor = line.Amount.MinorUnits;
        if (minor > 0)
            change.Debit += minor;
        else
            change.Credit -= minor;

        // What is posted is free or not free as the effects say, which come beside it.
        if (line.Account.Kind is AccountKind.MerchantPending or AccountKind.MerchantAvailable)
            change.Aside -= minor;
        return change;
    }

    /// <param name="success">The position of a payment's success; -1 for any other event.</param>
    public void Add(FundsEffect effect, long success)
    {
        var (merchant, facts) = effect;
        var pending = facts.Free - facts.Available;
        var outOfPending = facts.Out - facts.OutOfAvailable;
        Add(Account.Pending(merchant), pending, outOfPending, success);
        Add(Account.Available(merchant), facts.Available, facts.OutOfAvailable, -1);
    }

    private void Add(Account account, Money free, Money let, long success)
    {
        if (free.IsZero && let.IsZero && success < 0)
            return;
        var change = Of(account, free.Currency);
        change.Aside -= free.MinorUnits;
        change.Out += let.MinorUnits;
        change.Success = Math.Max(change.Success, success);
    }

    /// <summary>Gives each row its place and makes the statements; none when nothing changes.</summary>
    public IReadOnlyList<Statement> Statements()
    {
        if (_changes.Count == 0)
            return [];

        // Always in one order, so that two who write at once never wait for each other in a circle.
        var rows = _changes.Values.ToList();
        rows.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var order
            ? order
            : string.CompareOrdinal(a.Currency, b.Currency));
        for (var i = 0; i < rows.Count; i++)
            rows[i].Place = i;
        (string, object)[] columns =
        [
            Column.Of("account", rows, row => row.Name),
            Column.Of("currency", rows, row => row.Currency),
            Column.Of("debit_minor", rows, row => row.Debit),
            Column.Of("credit_minor", rows, row => row.Credit),
            Column.Of("aside_minor", rows, row => row.Aside),
            Column.Of("out_minor", rows, row => row.Out),
            Column.Of("success_position", rows, row => row.Success),
        ];
        return [new(
            """
            UPDATE balance b SET
                debit_minor = b.debit_minor + s.debit_minor, credit_minor = b.credit_minor + s.credit_minor,
                aside_minor = b.aside_minor + s.aside_minor, out_minor = b.out_minor + s.out_minor,
                success_position = greatest(b.success_position, s.success_position)
            FROM (
                SELECT unnest(@account) AS account, unnest(@currency) AS currency, unnest(@debit_minor) AS debit_minor,
                    unnest(@credit_minor) AS credit_minor, unnest(@aside_minor) AS aside_minor,
                    unnest(@out_minor) AS out_minor, unnest(@success_position) AS success_position
            ) AS s
            WHERE b.account = s.account AND b.currency = s.currency
            """,
            rows.Count, columns) { Missing = Statement.InsertMissing("balance", rows.Count, columns) }];
    }

    private Change Of(Account account, Currency currency)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_changes, (account, currency), out _);
        return change ??= new(account.ToString(), Column.Name(currency));
    }

    /// <summary>What becomes of one row; a class, so that sorting moves references.</summary>
    internal sealed class Change(string name, string currency)
    {
        /// <summary>The account's name.</summary>
        public string Name => name;

        public string Currency => currency;

        /// <summary>Where it stands among all rows, once there are statements.</summary>
        public int Place { get; set; }

        public long Debit { get; set; }
        public long Credit { get; set; }
        public long Aside { get; set; }
        public long Out { get; set; }
        public long Success { get; set; } = -1;
    }
}
