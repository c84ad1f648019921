using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Who holds tables for long, such as a backup, for which others wait who want to replace them.</summary>
/// <remarks>Whoever asks for a table that is held keeps all from it who come after, so it is looked first. Every page
/// and every query holds tables for a moment; only who is still there at the next look counts.</remarks>
internal sealed class TableHolders(NpgsqlDataSource owner, TimeProvider time, Action<string>? waits)
{
    private const int NamedMax = 3;

    // The tables' owner is not shown since when another role's transaction is open.
    private const string Sql = """
        SELECT DISTINCT l.virtualtransaction, l.pid, a.application_name, a.xact_start
        FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (n.nspname = $1 OR (n.nspname = 'views' AND c.relname = ANY ($2)))
        ORDER BY l.virtualtransaction
        """;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Completes when nobody has held the tables from one look to the next. Tells who does.</summary>
    /// <param name="schema">All tables of this schema,</param>
    /// <param name="views">and these of the live ones.</param>
    /// <param name="meanwhile">Done between two looks.</param>
    public async Task Gone(
        string schema, IReadOnlyList<string> views, Func<Task> meanwhile, CancellationToken cancellation)
    {
        var (seen, told) = (new Dictionary<string, (string Who, DateTimeOffset Since)>(StringComparer.Ordinal), "");
        while (true)
        {
            var now = await Holders(schema, views, cancellation);
            var stay = now.Where(one => seen.ContainsKey(one.Transaction)).ToList();
            if (now.Count == 0 || (seen.Count > 0 && stay.Count == 0))
                return;
            seen = now.ToDictionary(
                one => one.Transaction,
                one => (one.Who, one.Since ?? (seen.TryGetValue(one.Transaction, out var before)
                    ? before.Since
                    : time.GetUtcNow())),
                StringComparer.Ordinal);
            if (stay.Count > 0 && Named([.. stay.Select(one => seen[one.Transaction])]) is var names && names != told)
                waits?.Invoke(told = names);
            await meanwhile();
            await Task.Delay(Look, time, cancellation);
        }
    }

    private static string Named(List<(string Who, DateTimeOffset Since)> holders) =>
        string.Join(", ", holders.Take(NamedMax)
            .Select(one => $"{one.Who} since {one.Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} or earlier"))
        + (holders.Count > NamedMax ? FormattableString.Invariant($" and {holders.Count - NamedMax} more") : "");

    private async Task<List<(string Transaction, string Who, DateTimeOffset? Since)>> Holders(
        string schema, IReadOnlyList<string> views, CancellationToken cancellation)
    {
        var holders = new List<(string, string, DateTimeOffset?)>();
        await using var command = owner.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = schema });
        command.Parameters.Add(new() { Value = views.ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            holders.Add((
                rows.GetString(0),
                rows.IsDBNull(1) ? "a prepared transaction" : FormattableString.Invariant(
                    $"the session {rows.GetInt32(1)}{(rows.IsDBNull(2) ? "" : $" ({rows.GetString(2)})")}"),
                rows.IsDBNull(3) ? null : rows.GetFieldValue<DateTimeOffset>(3)));
        return holders;
    }
}
