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
        SELECT DISTINCT l.virtualtransaction, l.pid, a.application_name, a.xact_start, NULL
        FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (n.nspname = $1 OR (n.nspname = 'views' AND c.relname = ANY ($2)))
        ORDER BY l.virtualtransaction
        """;

    // Whoever only reads waits for those who want a table for themselves alone: who have it, and who wait for it before
    // him.
    private const string AloneSql = """
        SELECT DISTINCT l.virtualtransaction, l.pid, a.application_name, a.xact_start,
            CASE WHEN NOT l.granted THEN array_to_string(pg_blocking_pids(l.pid), ', ') END
        FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND n.nspname = $1 AND c.relname = ANY ($2)
        ORDER BY l.virtualtransaction
        """;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // What takes longer than this may be waiting for somebody.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(1);

    private string _told = "";

    /// <summary>Completes when nobody has held the tables from one look to the next. Tells who does.</summary>
    /// <param name="schema">All tables of this schema,</param>
    /// <param name="views">and these of the live ones.</param>
    /// <param name="meanwhile">Done between two looks.</param>
    public async Task Gone(
        string schema, IReadOnlyList<string> views, Func<Task> meanwhile, CancellationToken cancellation)
    {
        var seen = new Seen();
        while (true)
        {
            var now = await Looked(schema, views, cancellation);
            var (stay, before) = (seen.Staying(now, time.GetUtcNow()), seen.IsAny);
            if (now.Count == 0 || (before && stay.Count == 0))
                return;
            seen.Keep(now, time.GetUtcNow());
            Tell("the tables, which are", stay);
            await meanwhile();
            await Task.Delay(Look, time, cancellation);
        }
    }

    /// <summary>Reads, and tells meanwhile for whom it waits when that takes long.</summary>
    /// <param name="work">What only reads.</param>
    /// <param name="what">What it reads, as the sentence begins: <c>the event log, which is</c>.</param>
    /// <param name="schema">Where its tables are,</param>
    /// <param name="tables">and which.</param>
    public async Task<T> While<T>(
        Task<T> work, string what, string schema, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        if (waits is null || work.IsCompleted)
            return await work;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var seen = new Seen();
        while (await Task.WhenAny(work, Task.Delay(LongWait, time, done.Token)) != work
            && !cancellation.IsCancellationRequested)
        {
            var now = await OrNone(schema, tables, cancellation);
            Tell(what, seen.Staying(now, time.GetUtcNow()));
            seen.Keep(now, time.GetUtcNow());
        }

        await done.CancelAsync();
        return await work;
    }

    /// <inheritdoc cref="While{T}"/>
    public Task While(
        Task work, string what, string schema, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        return While(Done(), what, schema, tables, cancellation);

        async Task<bool> Done()
        {
            await work;
            return true;
        }
    }

    // Asked also when much has been folded already.
    private async Task<IReadOnlyList<Holder>> Looked(
        string schema, IReadOnlyList<string> views, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenPatiently(time, cancellation);
        return await Holders(connection, Sql, schema, views, cancellation);
    }

    // Who waits for the database itself is told so by what he waits for.
    private async Task<IReadOnlyList<Holder>> OrNone(
        string schema, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await owner.OpenConnectionAsync(cancellation);
            return await Holders(connection, AloneSql, schema, tables, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return [];
        }
    }

    private void Tell(string what, IReadOnlyList<(string Who, DateTimeOffset Since)> holders)
    {
        if (holders.Count > 0 && $"{what} held by {Named(holders)}" is var said && said != _told)
            waits?.Invoke(_told = said);
    }

    private static string Named(IReadOnlyList<(string Who, DateTimeOffset Since)> holders) =>
        string.Join(", ", holders.Take(NamedMax)
            .Select(one => $"{one.Who} since {one.Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} or earlier"))
        + (holders.Count > NamedMax ? FormattableString.Invariant($" and {holders.Count - NamedMax} more") : "");

    private static async Task<IReadOnlyList<Holder>> Holders(
        NpgsqlConnection connection, string sql, string schema, IReadOnlyList<string> tables,
        CancellationToken cancellation)
    {
        var holders = new List<Holder>();
#pragma warning disable CA2100 // One of the constants above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new() { Value = schema });
        command.Parameters.Add(new() { Value = tables.ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            holders.Add(new(
                rows.GetString(0),
                (rows.IsDBNull(1) ? "a prepared transaction" : FormattableString.Invariant(
                    $"the session {rows.GetInt32(1)}{(rows.IsDBNull(2) ? "" : $" ({rows.GetString(2)})")}"))
                + (rows.IsDBNull(4) ? "" : $", itself waiting for {rows.GetString(4)},"),
                rows.IsDBNull(3) ? null : rows.GetFieldValue<DateTimeOffset>(3)));
        return holders;
    }

    private sealed record Holder(string Transaction, string Who, DateTimeOffset? Since);

    /// <summary>Who was there at the last look, and since when at least.</summary>
    private sealed class Seen
    {
        private Dictionary<string, (string Who, DateTimeOffset Since)> _seen = new(StringComparer.Ordinal);

        public bool IsAny => _seen.Count > 0;

        public IReadOnlyList<(string Who, DateTimeOffset Since)> Staying(
            IReadOnlyList<Holder> now, DateTimeOffset at) =>
            [.. now.Where(one => _seen.ContainsKey(one.Transaction)).Select(one => (one.Who, Since(one, at)))];

        public void Keep(IReadOnlyList<Holder> now, DateTimeOffset at) => _seen = now.ToDictionary(
            one => one.Transaction, one => (one.Who, Since(one, at)), StringComparer.Ordinal);

        private DateTimeOffset Since(Holder one, DateTimeOffset at) =>
            one.Since ?? (_seen.TryGetValue(one.Transaction, out var before) ? before.Since : at);
    }
}
