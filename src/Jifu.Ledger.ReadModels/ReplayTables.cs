using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Tables that a replay fills, page by page.</summary>
internal sealed class ReplayTables(
    NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections, Skips skips)
{
    /// <summary>What the projections make of each page.</summary>
    public async IAsyncEnumerable<FoldedPage> Folded(
        IAsyncEnumerable<Page> pages, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in pages.WithCancellation(cancellation))
        {
            if (page.Unreadable is { } why
                && projections.FirstOrDefault(p => page.Parks(p) && !skips.Has(p.Name, page.To)) is { } one)
                throw FoldStoppedException.Unreadable(one.Name, why);
            yield return Fold(page);
        }
    }

    /// <exception cref="FoldStoppedException">One of its events cannot be applied.</exception>
    public async Task Write(FoldedPage folded, CancellationToken cancellation)
    {
        var fault = folded.Fault;
        try
        {
            if (fault is null)
            {
                await PageWriter.Write(
                    connection, schema, null, [.. folded.Changes.SelectMany(change => change.Statements)],
                    cancellation);
                return;
            }
        }
        catch (Exception e) when (Projector.IsFault(e))
        {
            fault = e;
        }

        throw await Culprit(folded.Page.Events, cancellation)
            ?? FoldStoppedException.After(folded.Page.Events[0].Position - 1, fault);
    }

    private FoldedPage Fold(Page page)
    {
        try
        {
            return new(page, [.. projections.Select(p => Made(p, page.Events))], null);
        }
        catch (Exception e) when (Projector.IsFault(e))
        {
            return new(page, [], e);
        }
    }

    private Change Made(IProjection projection, IReadOnlyList<Recorded<object>> events) =>
        new(projection, projection.Fold(skips.Left(projection.Name, events)));

    // Each projection by itself, and so on to the very event. What is written on the way is of no more use.
    private async Task<FoldStoppedException?> Culprit(
        IReadOnlyList<Recorded<object>> events, CancellationToken cancellation)
    {
        var refused = new List<(IProjection By, Recorded<object> Event, Exception Why)>();
        foreach (var projection in projections)
        {
            if (await FirstRefused(projection, events, cancellation) is var (at, why))
                refused.Add((projection, at, why));
        }

        if (refused.Count == 0)
            return null;
        var (by, first, cause) = refused.MinBy(one => one.Event.Position);
        return FoldStoppedException.At(by.Name, Place(first), cause);
    }

    private async Task<(Recorded<object> At, Exception Why)?> FirstRefused(
        IProjection projection, IReadOnlyList<Recorded<object>> events, CancellationToken cancellation)
    {
        try
        {
            await PageWriter.Write(connection, schema, null, Made(projection, events).Statements, cancellation);
            return null;
        }
        catch (Exception e) when (Projector.IsFault(e) && events.Count == 1)
        {
            return (events[0], e);
        }
        catch (Exception e) when (Projector.IsFault(e))
        {
            // One of them, and which one is found out below.
        }

        var half = events.Count / 2;
        return await FirstRefused(projection, [.. events.Take(half)], cancellation)
            ?? await FirstRefused(projection, [.. events.Skip(half)], cancellation);
    }

    private static RecordedPlace Place(Recorded<object> recorded) => new(
        recorded.Position, recorded.Stream,
        recorded.Event is ForeignEvent foreign ? foreign.Type : LedgerEvents.Codec.TypeName(recorded.Event.GetType()));
}
