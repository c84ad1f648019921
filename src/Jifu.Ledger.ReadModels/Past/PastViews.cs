using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Past;

/// <summary>Read models as they stood after some event: folded from the log alone, in temporary tables that nobody else
/// sees and that end with the session, however it ends.</summary>
/// <remarks>Takes as long as a rebuild of the same projections up to that event. Not for several threads.</remarks>
public sealed class PastViews : IAsyncDisposable
{
    // The first events of a log are few, and the planner must learn soon that the tables are not empty any more.
    private const int FirstStretch = 5_000;
    private const string Here = "pg_temp";
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(250);

    private readonly Replay _replay;
    private readonly NpgsqlConnection _connection;
    private readonly IReadOnlyList<IProjection> _projections;
    private readonly TimeProvider _time;
    private long _stretch = FirstStretch;

    private PastViews(
        Replay replay, NpgsqlConnection connection, IReadOnlyList<IProjection> projections, TimeProvider time) =>
        (_replay, _connection, _projections, _time) = (replay, connection, projections, time);

    /// <summary>The last event that is in them; -1 for none.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>Where they are made: sessions of their own, which show times by Beijing time.</summary>
    /// <param name="connection">Of the role that runs.</param>
    public static NpgsqlDataSource Sessions(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = "jifu as of",
            Options = "-c TimeZone=Asia/Shanghai -c temp_buffers=64MB -c synchronous_commit=off",
            Pooling = false,
            CommandTimeout = 600,
            Enlist = false,
        });

    /// <summary>Makes empty tables.</summary>
    public static async Task<PastViews> Begin(
        IEventLog log, EventCodec codec, NpgsqlDataSource sessions, IReadOnlyList<IProjection> projections,
        TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(projections);
        var past = new PastViews(
            new(log, codec, sessions, time), await sessions.OpenConnectionAsync(cancellation), projections, time);
        await past.ForEach(table => $"CREATE TEMPORARY TABLE {table} (LIKE views.{table} INCLUDING ALL)", cancellation);
        return past;
    }

    /// <summary>Applies the events after those that are in, up to a position.</summary>
    /// <param name="position">Of the last event to apply.</param>
    /// <param name="progress">Told the position reached after each page.</param>
    /// <param name="cancellation">Stops it; what is in stays in.</param>
    /// <exception cref="FoldStoppedException">An event cannot be applied.</exception>
    public async Task FoldTo(long position, Func<long, Task> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        while (Position < position)
        {
            var next = Math.Min(position, Position + _stretch);
            await Fold(next, progress, cancellation);
            Position = next;
            if (next < position)
                await ForEach(table => $"ANALYZE {Here}.{table}", cancellation);
            _stretch *= 4;
        }
    }

    /// <summary>Rows of one of the tables.</summary>
    public IAsyncEnumerable<string> Rows(ViewRows rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Read(_connection, Here, cancellation);
    }

    /// <summary>Keeps the tables as they are now, to compare with later.</summary>
    public Task Remember(CancellationToken cancellation) =>
        ForEach(table => $"CREATE TEMPORARY TABLE {Was(table)} AS TABLE {Here}.{table}", cancellation);

    /// <summary>How many rows of a table came, went and changed since they were remembered.</summary>
    public async Task<ViewChanges> CountChanges(View view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        await using var command = Command($"""
            SELECT count(*) FILTER (WHERE was.ctid IS NULL), count(*) FILTER (WHERE now.ctid IS NULL),
                count(*) FILTER (WHERE was.ctid IS NOT NULL AND now.ctid IS NOT NULL)
            {Changed(view)}
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(view.Name, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Rows of a table that came, went or changed, as JSON objects with <c>before</c> and
    /// <c>after</c>.</summary>
    public async IAsyncEnumerable<string> Changes(
        View view, int countMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        await using var command = Command($"""
            SELECT json_build_object(
                'change', CASE WHEN was.ctid IS NULL THEN 'added' WHEN now.ctid IS NULL THEN 'removed'
                    ELSE 'changed' END,
                'before', CASE WHEN was.ctid IS NOT NULL THEN row_to_json(was) END,
                'after', CASE WHEN now.ctid IS NOT NULL THEN row_to_json(now) END)::text
            {Changed(view)} ORDER BY {string.Join(", ", view.Key)} LIMIT {countMax}
            """);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            yield return rows.GetString(0);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string Changed(View view) => $"""
        FROM {Here}.{Was(view.Name)} was FULL JOIN {Here}.{view.Name} now USING ({string.Join(", ", view.Key)})
        WHERE was.ctid IS NULL OR now.ctid IS NULL OR was::text <> now::text
        """;

    private static string Was(string table) => $"was_{table}";

    private async Task Fold(long upTo, Func<long, Task> progress, CancellationToken cancellation)
    {
        var reached = new Reached(Position);
        var folding = _replay.Fold(_connection, Here, _projections, Position, upTo, reached, cancellation);
        while (await Task.WhenAny(folding, Task.Delay(TellEvery, _time, cancellation)) != folding)
            await progress(reached.Position);
        await folding;
    }

    private async Task ForEach(Func<string, string> sql, CancellationToken cancellation)
    {
        await using var command = Command(
            string.Join("; ", _projections.SelectMany(one => one.Tables).Select(sql)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql)
    {
#pragma warning disable CA2100 // Names of our own tables only.
        return new(sql, _connection);
#pragma warning restore CA2100
    }

    private sealed class Reached(long position) : IProgress<(long Reached, long Target)>
    {
        private long _position = position;

        public long Position => Volatile.Read(ref _position);

        public void Report((long Reached, long Target) value) => Volatile.Write(ref _position, value.Reached);
    }
}

/// <summary>How many rows of a read model came, went and changed.</summary>
public sealed record ViewChanges(string View, long Added, long Removed, long Changed);
