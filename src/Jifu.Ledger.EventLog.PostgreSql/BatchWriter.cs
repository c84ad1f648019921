using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Writes one batch in one transaction, holding the log's advisory lock: the only place where positions are
/// given.</summary>
/// <remarks>It blocks: the sequencer's own thread waits here, where a pool's thread would queue behind the callers.
/// Used by one sequencer, one batch at a time. After any failure it knows nothing and asks the database
/// again.</remarks>
internal sealed class BatchWriter(NpgsqlDataSource source, TimeProvider time, int headsMax) : IDisposable
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

    private const string CopySql = $"COPY log.events ({CopyRows.Columns}) FROM STDIN (FORMAT BINARY)";

    private readonly CopyRows _rows = new();
    private readonly StreamHeads _heads = new(headsMax);
    private NpgsqlConnection? _connection;
    private long _headPosition = long.MinValue;

    /// <summary>Writes and commits; the batch then knows its results.</summary>
    /// <returns>The position of the log's last event.</returns>
    public long Write(AppendBatch batch, IReadOnlyList<PendingAppend> appends)
    {
        try
        {
            _connection ??= source.OpenConnection();
            using var transaction = _connection.BeginTransaction(IsolationLevel.ReadCommitted);
            batch.Place(Begin(_connection, appends));
            if (batch.DoubtfulIds is { Length: > 0 } ids)
                batch.Recognise(Places(_connection, ids));
            if (!batch.WritesNothing)
                Copy(_connection, batch);
            transaction.Commit();
        }
        catch
        {
            Forget();
            throw;
        }

        _headPosition = batch.HeadPosition;
        foreach (var (stream, version) in batch.Heads)
            _heads.Set(stream, version);
        return _headPosition;
    }

    public void Dispose() => Forget();

    /// <summary>Takes the lock and learns the heads of the log and of the batch's streams, mostly in one round
    /// trip.</summary>
    private (long Position, Dictionary<string, long> Streams) Begin(
        NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
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

        using var batch = new NpgsqlBatch(connection)
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
        using (var reader = batch.ExecuteReader())
        {
            reader.NextResult();
            reader.Read();
            position = reader.GetInt64(0);
            if (unknown.Count > 0 && reader.NextResult())
                ReadHeads(reader, heads);
        }

        if (position != _headPosition)
        {
            // Another node has written since our last batch: what we remember of streams may be out of date.
            _heads.Clear();
            string[] remembered = [.. heads.Keys.Except(unknown, StringComparer.Ordinal)];
            RefreshHeads(connection, remembered, heads);
        }

        return (position, heads);
    }

    private static void RefreshHeads(
        NpgsqlConnection connection, string[] streams, Dictionary<string, long> heads)
    {
        if (streams.Length == 0)
            return;
        using var command = new NpgsqlCommand(StreamHeadsSql, connection) { Parameters = { Texts(streams) } };
        using var reader = command.ExecuteReader();
        ReadHeads(reader, heads);
    }

    private static void ReadHeads(
        NpgsqlDataReader reader, Dictionary<string, long> heads)
    {
        while (reader.Read())
            heads[reader.GetString(0)] = reader.GetInt64(1);
    }

    private static Dictionary<Guid, (string, long, long)> Places(
        NpgsqlConnection connection, Guid[] ids)
    {
        var places = new Dictionary<Guid, (string, long, long)>();
        using var command = new NpgsqlCommand(PlacesSql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            places[reader.GetGuid(0)] = (reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
        return places;
    }

    private void Copy(NpgsqlConnection connection, AppendBatch batch)
    {
        _rows.Fill(batch.Rows(), time.GetUtcNow());
        using var copy = connection.BeginRawBinaryCopy(CopySql);
        copy.Write(_rows.Bytes);
    }

    private void Forget()
    {
        _heads.Clear();
        _headPosition = long.MinValue;
        if (_connection is not { } connection)
            return;
        _connection = null;
        try
        {
            connection.Dispose();
        }
        catch (NpgsqlException)
        {
            // It is gone either way.
        }
    }

    private static NpgsqlParameter<string[]> Texts(string[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
