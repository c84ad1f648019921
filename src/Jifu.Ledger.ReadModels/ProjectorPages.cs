using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Projections that stand at the same event.</summary>
internal sealed record Cohort(IReadOnlyList<IProjection> Projections, long Position);

/// <summary>How pages come into the tables.</summary>
public sealed partial class Projector
{
    // Half of the largest page.
    private const int LargeMin = 2_048;

    /// <summary>Carries pages to the tables: while one is written, the next is folded and the one after it read and
    /// decoded. Returns at the bound, and when one of them has stopped.</summary>
    private async Task Carry(Cohort cohort, long until, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var feed = new PageFeed(log, codec, time);
        var pages = feed.Pages(cohort.Position, until, cancellation).MadeAhead(1, cancellation);
        await foreach (var folded in Folded(cohort, pages, cancellation).MadeAhead(1, cancellation))
        {
            Seen(feed.Head);
            var whole = await Write(connection, cohort, folded, cancellation);
            _bell.Ring();
            if (!whole)
                return;
            feed.Written(folded.Page.To);
        }
    }

    private async IAsyncEnumerable<FoldedPage> Folded(
        Cohort cohort, IAsyncEnumerable<Page> pages, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in pages.WithCancellation(cancellation))
            yield return Fold(cohort.Projections, page);
    }

    private FoldedPage Fold(IReadOnlyList<IProjection> cohort, Page page)
    {
        try
        {
            return new(
                page, [.. cohort.Select(projection => new Change(
                    projection, projection.Fold(_skips.Left(projection.Name, page.Events))))],
                null);
        }
        catch (Exception e) when (IsFault(e))
        {
            return new(page, [], e);
        }
    }

    /// <returns>False when the cohort does not stand together any more.</returns>
    private async Task<bool> Write(
        NpgsqlConnection connection, Cohort cohort, FoldedPage folded, CancellationToken cancellation)
    {
        if (folded.Page.Unreadable is { } why)
            return await PassUnreadable(connection, cohort, folded.Page, why, cancellation);
        if (folded.Fault is null)
        {
            try
            {
                await Move(connection, folded, cancellation);
                return true;
            }
            catch (Exception e) when (IsFault(e))
            {
                // One of them, and which one is found out below.
            }
        }

        foreach (var projection in cohort.Projections.Where(p => PositionOf(p) < folded.Page.To))
            await Alone(connection, projection, folded.Page.Events, cancellation);
        return false;
    }

    // It parks whoever looks at events of its type, and everyone when the type is unknown.
    private async Task<bool> PassUnreadable(
        NpgsqlConnection connection, Cohort cohort, Page page, Exception why, CancellationToken cancellation)
    {
        var passing = cohort.Projections.Where(p => !page.Parks(p) || _skips.Has(p.Name, page.To)).ToList();
        if (passing.Count > 0)
            await Move(connection, passing.ConvertAll(p => new Change(p, [])), page.To, cancellation);
        foreach (var projection in cohort.Projections.Except(passing))
            Stop(projection, page.To, page.Last.Type, why);
        if (passing.Any(p => !page.Parks(p)))
            LogPassed(page.To, page.Last.Type, passing.Where(p => !page.Parks(p)).Select(p => p.Name), why);
        return passing.Count == cohort.Projections.Count;
    }

    /// <summary>One projection's part of a page; when it fails, its halves, down to the very event.</summary>
    /// <returns>False when it has stopped.</returns>
    private async Task<bool> Alone(
        NpgsqlConnection connection, IProjection projection, IReadOnlyList<Recorded<object>> events,
        CancellationToken cancellation)
    {
        try
        {
            var change = new Change(projection, projection.Fold(_skips.Left(projection.Name, events)));
            await Move(connection, [change], events[^1].Position, cancellation);
            return true;
        }
        catch (Exception e) when (IsFault(e) && events.Count == 1)
        {
            Stop(projection, events[0].Position, TypeOf(events[0].Event), e);
            return false;
        }
        catch (Exception e) when (IsFault(e))
        {
            LogFault(projection.Name, e);
        }

        var half = events.Count / 2;
        return await Alone(connection, projection, [.. events.Take(half)], cancellation)
            && await Alone(connection, projection, [.. events.Skip(half)], cancellation);
    }

    private string TypeOf(object @event) =>
        @event is ForeignEvent foreign ? foreign.Type : codec.TypeName(@event.GetType());

    // Far from the log's end the database is what takes longest, and one connection keeps one core busy. Near it, where
    // people look, all views move at once.
    private async Task Move(NpgsqlConnection connection, FoldedPage folded, CancellationToken cancellation)
    {
        if (folded.Page.Events.Count < LargeMin || folded.Changes.Count == 1)
        {
            await Move(connection, folded.Changes, folded.Page.To, cancellation);
            return;
        }

        var (first, second) = folded.Halves();
        await using var beside = await database.OpenConnectionAsync(cancellation);
        await Task.WhenAll(
            Move(connection, first, folded.Page.To, cancellation), Move(beside, second, folded.Page.To, cancellation));
    }

    private async Task Move(
        NpgsqlConnection connection, IReadOnlyList<Change> changes, long to, CancellationToken cancellation)
    {
        var names = changes.Select(change => change.Projection.Name).ToArray();
        var checkpoint = Checkpoints.Move(names, PositionOf(changes[0].Projection), to);
        await PageWriter.Write(
            connection, "views", checkpoint, [.. changes.SelectMany(change => change.Statements)], cancellation);
        foreach (var name in names)
        {
            _positions[name] = to;
            _faults.Passed(name, to);
        }
    }

    // What comes back however often it is tried.
    internal static bool IsFault(Exception e) => e switch
    {
        OperationCanceledException or CheckpointMovedException or EventLogUnavailableException or TimeoutException =>
            false,
        NpgsqlException trouble => !trouble.Passes(),
        _ => true,
    };

    private void Stop(IProjection projection, long position, string type, Exception cause)
    {
        LogStopped(projection.Name, position, cause);
        _faults.Meet(projection.Name, new(position, type, cause.Message, time.GetUtcNow()));
        _bell.Ring();
    }
}
