using Npgsql;
using static Jifu.Ledger.EventLog.PostgreSql.Parameter;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The two statements that write a batch: all its rows, if wanted only if the log ends where they begin; and
/// its root, only if they were written.</summary>
/// <remarks>
/// An array a column keeps the text the same for any number of rows, so that it stays prepared. The arrays are unnested
/// in the select list, where PostgreSQL takes row by row; in FROM it would first copy each array to a table of its own.
/// </remarks>
internal static class InsertEvents
{
    // The condition is evaluated once, before any row. What it saw stays true: who comes next needs our positions.
    private const string EventsSql = """
        INSERT INTO log.events
            (position, version, recorded_at, event_id, stream, type, actor, correlation_id, causation_id, link, payload)
        SELECT position, version, $2, event_id, stream, type, actor, correlation_id, causation_id, link, payload
        FROM (
            SELECT generate_series($1 + 1, $1 + $3) AS position, unnest($4) AS version, unnest($5) AS event_id,
                unnest($6) AS stream, unnest($7) AS type, unnest($8) AS actor, unnest($9) AS correlation_id,
                unnest($10) AS causation_id, unnest($11) AS link, unnest($12) AS payload
        ) AS e
        WHERE $13 OR (SELECT coalesce(max(position), -1) FROM log.events) = $1
        """;

    private const string BatchSql = """
        INSERT INTO log.batches (first_position, last_position, root)
        SELECT $1, $2, $3 WHERE EXISTS (SELECT FROM log.events WHERE position = $2 AND link = $4)
        """;

    /// <summary>Adds both; the first tells whether anything was written.</summary>
    /// <param name="looksLater">True when whoever adds them sees to it that the log ends where the rows begin, before
    /// the commit.</param>
    public static void AddTo(NpgsqlBatch statements, EventRows rows, bool looksLater = false)
    {
        statements.BatchCommands.Add(Events(rows, looksLater));
        statements.BatchCommands.Add(Batch(rows));
    }

    private static NpgsqlBatchCommand Events(EventRows rows, bool looksLater) => new(EventsSql)
    {
        Parameters =
        {
            Number(rows.Before.Position),
            new NpgsqlParameter<DateTimeOffset> { TypedValue = rows.RecordedAt },
            Number(rows.Count),
            new NpgsqlParameter<long[]> { TypedValue = rows.Version },
            new NpgsqlParameter<Guid[]> { TypedValue = rows.EventId },
            Texts(rows.Stream),
            Texts(rows.Type),
            Texts(rows.Actor),
            Texts(rows.Correlation),
            Texts(rows.Causation),
            Bytes(rows.Link),
            Bytes(rows.Payload),
            new NpgsqlParameter<bool> { TypedValue = looksLater },
        },
    };

    private static NpgsqlBatchCommand Batch(EventRows rows) => new(BatchSql)
    {
        Parameters =
        {
            Number(rows.Before.Position + 1),
            Number(rows.Head.Position),
            new NpgsqlParameter<byte[]> { TypedValue = rows.Root },
            Bytes(rows.Head.Link),
        },
    };
}
