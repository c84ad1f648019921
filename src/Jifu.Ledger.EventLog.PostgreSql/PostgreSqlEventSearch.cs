using Jifu.Ledger.EventLog.Search;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Finds events of the embedded log in the database: a stream by its index, a correlation id by a BRIN index
/// of bloom filters, the rest by looking at a stretch of positions.</summary>
/// <param name="source">Of the role that runs.</param>
/// <param name="stretch">The most events that one search looks at where no index helps.</param>
public sealed class PostgreSqlEventSearch(NpgsqlDataSource source, int stretch = 200_000) : IEventSearch
{
    private const string Matches = """
        position > @after AND position < @before
            AND (@stream IS NULL OR stream = @stream)
            AND (@category IS NULL OR starts_with(stream, @category || '-'))
            AND (@type IS NULL OR starts_with(type, @type))
            AND (@correlation IS NULL OR correlation_id = @correlation)
            AND (@from IS NULL OR recorded_at >= @from) AND (@to IS NULL OR recorded_at < @to)
        """;

    // Whoever follows the log asks about its last few events, for which no index is quicker than a look.
    private const int FewEvents = 2_000;

    // In one stream the order of versions is the order of positions, and there is an index.
    private const string OfStream = $"""
        SELECT {LogReader.Columns} FROM log.events WHERE stream = @stream AND {Matches}
        ORDER BY version {"{0}"} LIMIT @count
        """;

    // First which, then what: the planner would rather walk the whole log in order, hoping to meet one soon.
    private const string OfCorrelation = $"""
        WITH found AS MATERIALIZED (SELECT position FROM log.events WHERE correlation_id = @correlation AND {Matches})
        SELECT {LogReader.Columns} FROM log.events
        JOIN (SELECT position FROM found ORDER BY position {"{0}"} LIMIT @count) one USING (position)
        ORDER BY position {"{0}"}
        """;

    private const string OfStretch = $"""
        SELECT {LogReader.Columns} FROM log.events WHERE {Matches} ORDER BY position {"{0}"} LIMIT @count
        """;

    public async Task<FoundEvents> After(
        long position, EventFilter filter, int countMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var head = await Head(cancellation);
        var last = Math.Min(head, filter.ToPosition);
        var after = Math.Max(position, filter.FromPosition - 1);
        if (after >= last)
            return new([], after, true);
        var before = IsIndexed(filter, last - after) ? last + 1 : Math.Min(after + stretch, last) + 1;
        var found = await Find(after, before, filter, countMax, "ASC", cancellation);
        return found.Count == countMax
            ? new(found, found[^1].Position, false)
            : new(found, before - 1, before > last);
    }

    public async Task<FoundEvents> Before(
        long position, EventFilter filter, int countMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var last = Math.Min(await Head(cancellation), filter.ToPosition);
        var before = Math.Min(position, last + 1);
        if (before <= filter.FromPosition)
            return new([], before, true);
        var after = IsIndexed(filter, before - filter.FromPosition)
            ? filter.FromPosition - 1
            : Math.Max(before - 1 - stretch, filter.FromPosition - 1);
        var found = await Find(after, before, filter, countMax, "DESC", cancellation);
        return found.Count == countMax
            ? new(found, found[^1].Position, false)
            : new(found, after + 1, after < filter.FromPosition);
    }

    private static bool IsIndexed(EventFilter filter, long positions) =>
        positions > FewEvents && (filter.Stream is not null || filter.CorrelationId is not null);

    /// <summary>How the database goes about a search of the whole log, and what it cost.</summary>
    internal async Task<string> Explained(EventFilter filter, CancellationToken cancellation)
    {
        var text = new List<string>();
        await Read(
            "EXPLAIN (ANALYZE, BUFFERS) ", -1, long.MaxValue - 1, filter, 100, "ASC", row => text.Add(row.GetString(0)),
            cancellation);
        return string.Join('\n', text);
    }

    private async Task<IReadOnlyList<RecordedEvent>> Find(
        long after, long before, EventFilter filter, int countMax, string order, CancellationToken cancellation)
    {
        var events = new List<RecordedEvent>();
        await Read(
            "", after, before, filter, countMax, order, row => events.Add(LogReader.Event(row)), cancellation);
        return events;
    }

    private async Task Read(
        string verb, long after, long before, EventFilter filter, int countMax, string order,
        Action<NpgsqlDataReader> take, CancellationToken cancellation)
    {
        var sql = !IsIndexed(filter, before - after) ? OfStretch
            : filter.Stream is not null ? OfStream : OfCorrelation;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection, transaction);

            // What the planner thinks of bloom filters is worse than they are.
            batch.BatchCommands.Add(new("SET LOCAL enable_seqscan = off"));
            if (sql == OfCorrelation)
                batch.BatchCommands.Add(new("SET LOCAL enable_indexscan = off"));
            batch.BatchCommands.Add(Command(
                verb + sql.Replace("{0}", order, StringComparison.Ordinal), after, before, countMax, filter));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                take(reader);
        }
        catch (NpgsqlException e)
        {
            throw LogReader.Unavailable(e);
        }
    }

    private static NpgsqlBatchCommand Command(
        string text, long after, long before, int count, EventFilter filter) => new(text)
    {
        Parameters =
        {
            new("after", after), new("before", before), new("count", count),
            Text("stream", filter.Stream), Text("category", filter.Category), Text("type", filter.TypePrefix),
            Text("correlation", filter.CorrelationId), Moment("from", filter.RecordedFrom),
            Moment("to", filter.RecordedTo),
        },
    };

    private async Task<long> Head(CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand("SELECT coalesce(max(position), -1) FROM log.events");
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        catch (NpgsqlException e)
        {
            throw LogReader.Unavailable(e);
        }
    }

    private static NpgsqlParameter Text(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Moment(string name, DateTimeOffset? value) =>
        new(name, NpgsqlDbType.TimestampTz) { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value };
}
