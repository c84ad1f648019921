using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Reads events. Its SQL never changes, so the driver prepares it once for each connection.</summary>
internal sealed class LogReader(NpgsqlDataSource source, KnownLog known)
{
    internal const string Columns = """
        position, stream, version, event_id, type, payload, actor, correlation_id, causation_id, recorded_at
        """;

    private const string StreamSql = $"""
        SELECT {Columns} FROM log.events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3
        """;

    // The database ends the page, for what it has begun to send has to be taken in. The length of a payload is known
    // without the payload.
    private static readonly string AllSql = $"""
        SELECT {Columns} FROM (
            SELECT {Columns}, sum(octet_length(payload)) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING)
                - octet_length(payload) AS bytes_before
            FROM log.events WHERE position > $1 ORDER BY position LIMIT $2) AS page
        WHERE bytes_before < {PageLimit.Bytes} ORDER BY position
        """;

    private const string HeadSql = "SELECT coalesce(max(position), -1) FROM log.events";

    public Task<IReadOnlyList<RecordedEvent>> Stream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        Read(StreamSql, cancellation, Text(stream.ToString()), Number(afterVersion), Number(countMax));

    public Task<IReadOnlyList<RecordedEvent>> All(long afterPosition, int countMax, CancellationToken cancellation) =>
        Read(AllSql, cancellation, Number(afterPosition), Number(countMax));

    public async Task<long> Head(CancellationToken cancellation)
    {
        known.MustStand();
        var before = known.Position;
        try
        {
            await using var command = source.CreateCommand(HeadSql);
            return known.MustReach(before, (long)(await command.ExecuteScalarAsync(cancellation))!);
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    private async Task<IReadOnlyList<RecordedEvent>> Read(
        string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        known.MustStand();
        try
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.AddRange(parameters);
            var events = new List<RecordedEvent>();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                events.Add(Event(reader));
            if (events is [.., var last])
                known.Reached(last.Position);
            return events;
        }
        catch (NpgsqlException e)
        {
            throw Unavailable(e);
        }
    }

    internal static RecordedEvent Event(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        StreamName.Parse(row.GetString(1)),
        row.GetInt64(2),
        row.GetGuid(3),
        string.Intern(row.GetString(4)),
        row.GetFieldValue<byte[]>(5),
        new(row.GetString(6), row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8)),
        row.GetFieldValue<DateTimeOffset>(9));

    internal static EventLogUnavailableException Unavailable(NpgsqlException e) =>
        new($"The event log could not be read: {e.Message}", e);

    private static NpgsqlParameter<long> Number(long value) =>
        new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter<string> Text(string value) =>
        new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}
