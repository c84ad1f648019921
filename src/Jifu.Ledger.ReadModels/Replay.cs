using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Makes read models again from the log, as of any position, in a schema of their own. The live ones are not
/// touched.</summary>
/// <remarks>Needs the role that owns the live tables, whose shape it copies. What people have skipped is left out, as
/// in the live tables (<see cref="Skips"/>).</remarks>
public sealed class Replay(IEventLog log, EventCodec codec, NpgsqlDataSource owner, TimeProvider time)
{
    // What is made again is a check on what is there: it must not come out of the same memory.
    private readonly IEventLog _log = log.Stored;

    /// <summary>Folds the log up to a position into a new schema; one of that name goes first.</summary>
    /// <param name="schema">Its name: a plain identifier of ours, never what somebody typed.</param>
    /// <param name="projections">Which read models.</param>
    /// <param name="upTo">The last position that counts; beyond the log's end: all of it.</param>
    /// <param name="progress">Told the position reached and the one to reach; null for nobody.</param>
    /// <param name="cancellation">Stops it; the schema may be left half filled, to be dropped.</param>
    /// <returns>The position of the last event folded; -1 for none.</returns>
    /// <exception cref="FoldStoppedException">An event cannot be applied and nobody has skipped it, or is not
    /// there.</exception>
    public async Task<long> Into(
        string schema, IReadOnlyList<IProjection> projections, long upTo,
        IProgress<(long Reached, long Target)>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projections);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await ShadowTables.Make(connection, schema, projections, cancellation);
        var target = Math.Min(upTo, await _log.Head(cancellation));
        var reached = await Fold(connection, schema, projections, -1, target, progress, cancellation);
        await ShadowTables.Finish(connection, schema, projections, cancellation);
        return reached;
    }

    /// <summary>Takes a schema away again, with all its tables; quiet when there is none.</summary>
    public async Task Drop(string schema, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await ShadowTables.Execute(connection, $"DROP SCHEMA IF EXISTS {schema} CASCADE", cancellation);
    }

    /// <summary>Folds further events into tables that stand at <paramref name="from"/>.</summary>
    /// <exception cref="FoldStoppedException">An event cannot be applied or is not there; the tables may be half
    /// filled.</exception>
    internal async Task<long> Fold(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections, long from, long upTo,
        IProgress<(long Reached, long Target)>? progress, CancellationToken cancellation)
    {
        if (from >= upTo)
            return from;
        var tables = new ReplayTables(
            connection, schema, projections,
            await Skips.Read(_log, projections.Select(projection => projection.Name), cancellation));
        try
        {
            var pages = Whole(from, upTo, cancellation).MadeAhead(1, cancellation);
            await foreach (var folded in tables.Folded(pages, cancellation).MadeAhead(1, cancellation))
            {
                await tables.Write(folded, cancellation);
                from = folded.Page.To;
                progress?.Report((from, upTo));
            }
        }
        catch (Exception e) when (e is not FoldStoppedException && Projector.IsFault(e))
        {
            throw FoldStoppedException.After(from, e);
        }

        return from;
    }

    // Where positions have no gaps, an event that is not there was taken away, be it one that no view would miss.
    private async IAsyncEnumerable<Page> Whole(
        long from, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in new PageFeed(_log, codec, time).Pages(from, upTo, cancellation))
        {
            foreach (var position in page.Positions)
            {
                if (_log.IsGapless && position != from + 1)
                    throw FoldStoppedException.Missing(new(from + 1, position - 1));
                from = position;
            }

            yield return page;
        }

        if (_log.IsGapless && from < upTo)
            throw FoldStoppedException.Missing(new(from + 1, upTo));
    }
}
