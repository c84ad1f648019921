using System.Data;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>What a rebuild or a check found.</summary>
/// <param name="Position">The event at which both the live rows and those made again stood when they were
/// compared; the foremost, where projections stand at different ones; -1 where none was compared.</param>
/// <param name="Tables">Each table, compared.</param>
public sealed record RebuildReport(long Position, IReadOnlyList<TableComparison> Tables)
{
    /// <summary>What the log lacks; null when it lacks nothing, up to where it was read.</summary>
    public LogGap? Gap { get; init; }

    /// <summary>The tables that stand behind the gap, and so cannot be made again.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];

    /// <summary>True when every table has the same bytes as before.</summary>
    public bool Identical => Gap is null && Tables.All(table => table.Identical);
}

/// <summary>Another rebuild or check is under way in this database.</summary>
public sealed class RebuildUnderWayException(string schema)
    : Exception($"Another run holds {schema}: wait for its end, or stop it.");

/// <summary>Makes projections' tables again from the log, beside the live ones; compares them; and swaps them in one
/// transaction, if they are to be swapped.</summary>
/// <remarks>
/// Reads and writes go on meanwhile; the projections wait for the last page and for the swap, moments both. Nothing
/// outside the tables follows from it. For who holds the tables for long, such as a backup, the swap waits, and keeps
/// nobody else waiting. Killed in the middle it leaves a schema that nobody reads; the next run, or
/// <see cref="Sweep"/>, takes it away. Needs the role that owns the tables.
/// </remarks>
/// <param name="waits">Told for what it waits, and who holds that: the log or tables that it reads, or tables to be
/// swapped. Null for nobody.</param>
public sealed class Rebuild(
    IEventLog log, EventCodec codec, NpgsqlDataSource owner, TimeProvider time, Action<string>? waits = null)
{
    private const string RebuildSchema = "views_rebuild";
    private const string CheckSchema = "views_check";
    private const string ViewsHeld = "the tables, which are";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly TableHolders _holders = new(owner, time, waits);
    private Replay? _replay;

    // A log whose positions have gaps is in no table of this database.
    private Replay Replay => _replay ??= new(
        new PatientLog(log.Stored, time, log.IsGapless ? _holders : null), codec, owner, time);

    /// <summary>Makes tables again and swaps them in.</summary>
    /// <param name="projections">What to make again, in one pass.</param>
    /// <param name="progress">Told the position reached and the one to reach.</param>
    /// <param name="cancellation">Stops it; the live tables are as before.</param>
    /// <exception cref="RebuildUnderWayException">Another rebuild runs.</exception>
    /// <exception cref="FoldStoppedException">An event cannot be applied, or is not there; the live tables are as
    /// before.</exception>
    public async Task<RebuildReport> Run(
        IReadOnlyList<IProjection> projections, IProgress<(long Reached, long Target)> progress,
        CancellationToken cancellation)
    {
        await using var alone = await RunLock.Take(owner, RebuildSchema, cancellation)
            ?? throw new RebuildUnderWayException(RebuildSchema);
        await _holders.Gone(RebuildSchema, [], () => Task.CompletedTask, cancellation);
        var made = await Make(alone.Connection, RebuildSchema, projections, progress, cancellation);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await _holders.Gone(
                RebuildSchema, Tables(projections),
                () => Follow(alone.Connection, RebuildSchema, projections, made.At, "", cancellation), cancellation);
            try
            {
                await Swap(alone, projections, made, cancellation);
                return made.Report;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // A long read has begun since. New ones must not queue up behind us, so we step back.
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    /// <summary>Makes tables again, compares them with the live ones, and takes them away again. Where the log lacks
    /// events, those are compared that stand before them.</summary>
    /// <exception cref="RebuildUnderWayException">Another check runs.</exception>
    /// <exception cref="FoldStoppedException">An event cannot be applied.</exception>
    public async Task<RebuildReport> Check(
        IReadOnlyList<IProjection> projections, IProgress<(long Reached, long Target)> progress,
        CancellationToken cancellation)
    {
        await using var alone = await RunLock.Take(owner, CheckSchema, cancellation)
            ?? throw new RebuildUnderWayException(CheckSchema);
        await _holders.Gone(CheckSchema, [], () => Task.CompletedTask, cancellation);
        var (left, gap) = (projections, (LogGap?)null);
        while (left.Count > 0)
        {
            try
            {
                var made = await Make(alone.Connection, CheckSchema, left, progress, cancellation);
                await ShadowTables.TryDrop(alone.Connection, CheckSchema, cancellation);
                return made.Report with { Gap = gap, NotCompared = Tables(projections.Except(left)) };
            }
            catch (FoldStoppedException e) when (e.Gap is { } missing)
            {
                // What stands before it can be compared all the same.
                gap = missing;
                var at = await PositionsOf(alone.Connection, left, "", cancellation);
                left = [.. left.Where(projection => at[projection.Name] < missing.First)];
            }
        }

        return new(-1, []) { Gap = gap, NotCompared = Tables(projections) };
    }

    /// <summary>Takes away what killed runs have left.</summary>
    /// <returns>The schemas that stay, since somebody holds their tables; the next run takes them away.</returns>
    public static async Task<IReadOnlyList<string>> Sweep(NpgsqlDataSource owner, CancellationToken cancellation)
    {
        var left = new List<string>();
        ArgumentNullException.ThrowIfNull(owner);
        foreach (var schema in new[] { RebuildSchema, CheckSchema })
        {
            await using var alone = await RunLock.Take(owner, schema, cancellation);
            if (alone is not null && !await ShadowTables.TryDrop(alone.Connection, schema, cancellation))
                left.Add(schema);
        }

        return left;
    }

    /// <summary>Tables made again and where each projection's stand.</summary>
    private sealed record Made(RebuildReport Report, Dictionary<string, long> At);

    private async Task<Made> Make(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        IProgress<(long Reached, long Target)> progress, CancellationToken cancellation)
    {
        try
        {
            return await Compared(connection, schema, projections, progress, cancellation);
        }
        catch (FoldStoppedException)
        {
            await ShadowTables.TryDrop(connection, schema, cancellation);
            throw;
        }
    }

    private async Task<Made> Compared(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        IProgress<(long Reached, long Target)> progress, CancellationToken cancellation)
    {
        await _holders.While(
            ShadowTables.Make(connection, schema, projections, cancellation), ViewsHeld, "views",
            Tables(projections), cancellation);
        var from = (await PositionsOf(connection, projections, "", cancellation)).Values.Min();
        from = await Replay.Fold(connection, schema, projections, -1, from, progress, cancellation);
        await ShadowTables.Finish(connection, schema, projections, cancellation);
        var at = projections.ToDictionary(projection => projection.Name, _ => from, StringComparer.Ordinal);
        await Follow(connection, schema, projections, at, "", cancellation);

        // While this is held the live projections wait, so both stand at the same event when the snapshot is taken.
        await using var holding = await owner.OpenPatiently(time, cancellation);
        await using var hold = await holding.BeginTransactionAsync(cancellation);
        await PositionsOf(holding, projections, "FOR SHARE", cancellation);
        await Follow(connection, schema, projections, at, "", cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation);
        await PositionsOf(connection, projections, "", cancellation);
        await hold.RollbackAsync(cancellation);

        var tables = new List<TableComparison>();
        foreach (var table in projections.SelectMany(projection => projection.Tables))
            tables.Add(await _holders.While(
                TableComparison.Of(connection, table, schema, cancellation), ViewsHeld, "views", [table],
                cancellation));
        return new(new(at.Values.Max(), tables), at);
    }

    /// <summary>Brings the tables to where the live ones are.</summary>
    private async Task Follow(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        Dictionary<string, long> at, string locking, CancellationToken cancellation)
    {
        var live = await PositionsOf(connection, projections, locking, cancellation);
        foreach (var together in projections.GroupBy(p => (From: at[p.Name], To: live[p.Name])))
        {
            var reached = await Replay.Fold(
                connection, schema, [.. together], together.Key.From, together.Key.To, null, cancellation);
            foreach (var projection in together)
                at[projection.Name] = reached;
        }
    }

    private async Task Swap(
        RunLock alone, IReadOnlyList<IProjection> projections, Made made, CancellationToken cancellation)
    {
        await Follow(alone.Connection, RebuildSchema, projections, made.At, "", cancellation);
        await using var swapping = await owner.OpenPatiently(time, cancellation);
        await using var swap = await swapping.BeginTransactionAsync(cancellation);
        await ShadowTables.Execute(swapping, "SET LOCAL lock_timeout = '500ms'", cancellation);
        await PositionsOf(swapping, projections, "FOR UPDATE", cancellation);
        await Follow(alone.Connection, RebuildSchema, projections, made.At, "", cancellation);
        await ShadowTables.Swap(swapping, RebuildSchema, projections, cancellation);

        // Nobody else had the tables up to here, so they are ours and whole; from here on nobody gets at them until
        // this has ended, for it holds them.
        await alone.Demand(cancellation);
        await swap.CommitAsync(cancellation);
    }

    private static string[] Tables(IEnumerable<IProjection> projections) =>
        [.. projections.SelectMany(projection => projection.Tables)];

    private Task<Dictionary<string, long>> PositionsOf(
        NpgsqlConnection connection, IReadOnlyList<IProjection> projections, string locking,
        CancellationToken cancellation) => _holders.While(
        ReadPositions(connection, projections, locking, cancellation), ViewsHeld, "views", ["checkpoint"],
        cancellation);

    private static async Task<Dictionary<string, long>> ReadPositions(
        NpgsqlConnection connection, IReadOnlyList<IProjection> projections, string locking,
        CancellationToken cancellation)
    {
#pragma warning disable CA2100 // A constant of the callers.
        await using var command = new NpgsqlCommand(
            $"SELECT projection, position FROM views.checkpoint WHERE projection = ANY ($1) {locking}", connection)
#pragma warning restore CA2100
        {
            Parameters = { new() { Value = projections.Select(projection => projection.Name).ToArray() } },
        };
        var positions = projections.ToDictionary(projection => projection.Name, _ => -1L, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            positions[reader.GetString(0)] = reader.GetInt64(1);
        return positions;
    }
}
