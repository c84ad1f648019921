using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Writes one batch in one transaction, holding the log's advisory lock: the only place where positions are
/// given.</summary>
/// <remarks>Used by one sequencer, one batch at a time. After any failure it knows nothing and asks the database
/// again.</remarks>
internal sealed class BatchWriter(NpgsqlDataSource source, TimeProvider time, int headsMax) : IAsyncDisposable
{
    /// <summary>Whoever writes events holds this lock until the commit, on every node.</summary>
    public const long LockKey = 0x4A49_4655_1064;

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    // A statement of its own, for it must see what others committed while we waited for the lock.
    private const string HeadSql = "SELECT coalesce(max(position), -1) FROM log.events";

    // LATERAL keeps this an index probe for each stream; as a join the planner may read the whole table.
    private const string StreamHeadsSql = """
        SELECT asked.stream, coalesce(head.version, -1)
        FROM unnest($1) AS asked (stream)
        LEFT JOIN LATERAL (
            SELECT version FROM log.events WHERE stream = asked.stream ORDER BY version DESC LIMIT 1
        ) AS head ON true
        """;

    private const string PlacesSql =
        "SELECT event_id, stream, version, position FROM log.events WHERE event_id = ANY ($1)";

    private const string CopySql = """
        COPY log.events
            (position, stream, version, event_id, type, recorded_at, actor, correlation_id, causation_id, payload)
        FROM STDIN (FORMAT BINARY)
        """;

    private readonly StreamHeads _heads = new(headsMax);
    private NpgsqlConnection? _connection;
    private long _headPosition = long.MinValue;

    /// <summary>Writes and commits; the batch then knows its results.</summary>
    /// <returns>The position of the log's last event.</returns>
    public async Task<long> Write(
        AppendBatch batch, IReadOnlyList<PendingAppend> appends, CancellationToken cancellation)
    {
        try
        {
            _connection ??= await source.OpenConnectionAsync(cancellation);
            await using var transaction =
                await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            batch.Place(await Begin(_connection, appends, cancellation));
            if (batch.DoubtfulIds is { Length: > 0 } ids)
                batch.Recognise(await Places(_connection, ids, cancellation));
            if (!batch.WritesNothing)
                await Copy(_connection, batch, cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch
        {
            await Forget();
            throw;
        }

        _headPosition = batch.HeadPosition;
        foreach (var (stream, version) in batch.Heads)
            _heads.Set(stream, version);
        return _headPosition;
    }

    public async ValueTask DisposeAsync() => await Forget();

    /// <summary>Takes the lock and learns the heads of the log and of the batch's streams, mostly in one round
    /// trip.</summary>
    private async Task<(long Position, Dictionary<string, long> Streams)> Begin(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends, CancellationToken cancellation)
    {
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var append in appends)
        {
            if (_heads.TryGet(append.Stream, out var version))
                heads[append.Stream] = version;
            else
                unknown.Add(append.Stream);
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(LockSql) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } } },
                new(HeadSql),
            },
        };
        if (unknown.Count > 0)
            batch.BatchCommands.Add(new(StreamHeadsSql) { Parameters = { Texts([.. unknown]) } });

        long position;
        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            position = reader.GetInt64(0);
            if (unknown.Count > 0 && await reader.NextResultAsync(cancellation))
                await ReadHeads(reader, heads, cancellation);
        }

        if (position != _headPosition)
        {
            // Another node has written since our last batch: what we remember of streams may be out of date.
            _heads.Clear();
            string[] remembered = [.. heads.Keys.Except(unknown, StringComparer.Ordinal)];
            await RefreshHeads(connection, remembered, heads, cancellation);
        }

        return (position, heads);
    }

    private static async Task RefreshHeads(
        NpgsqlConnection connection, string[] streams, Dictionary<string, long> heads, CancellationToken cancellation)
    {
        if (streams.Length == 0)
            return;
        await using var command = new NpgsqlCommand(StreamHeadsSql, connection) { Parameters = { Texts(streams) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await ReadHeads(reader, heads, cancellation);
    }

    private static async Task ReadHeads(
        NpgsqlDataReader reader, Dictionary<string, long> heads, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
            heads[reader.GetString(0)] = reader.GetInt64(1);
    }

    private static async Task<Dictionary<Guid, (string, long, long)>> Places(
        NpgsqlConnection connection, Guid[] ids, CancellationToken cancellation)
    {
        var places = new Dictionary<Guid, (string, long, long)>();
        await using var command = new NpgsqlCommand(PlacesSql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            places[reader.GetGuid(0)] = (reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
        return places;
    }

    private async Task Copy(NpgsqlConnection connection, AppendBatch batch, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUniversalTime();
        await using var copy = await connection.BeginBinaryImportAsync(CopySql, cancellation);
        foreach (var (append, @event, version, position) in batch.Rows())
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(position, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(append.Stream, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(version, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(@event.EventId, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(@event.Type, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(append.Metadata.Actor, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(append.Metadata.CorrelationId, NpgsqlDbType.Text, cancellation);
            if (append.Metadata.CausationId is { } causation)
                await copy.WriteAsync(causation, NpgsqlDbType.Text, cancellation);
            else
                await copy.WriteNullAsync(cancellation);
            await copy.WriteAsync(@event.Payload, NpgsqlDbType.Bytea, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private async Task Forget()
    {
        _heads.Clear();
        _headPosition = long.MinValue;
        if (_connection is not { } connection)
            return;
        _connection = null;
        try
        {
            await connection.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // It is gone either way.
        }
    }

    private static NpgsqlParameter<string[]> Texts(string[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
