using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Past;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>A column of a read model; <c>key</c> when it is part of what names a row.</summary>
internal sealed record ViewColumnView(string Name, string Type, bool Key);

/// <summary>A read model: its table, the projection that keeps it, and how far that has come.</summary>
/// <param name="Rows">How many rows it has now.</param>
internal sealed record ViewView(
    string Name, string Projection, long Position, long Rows, IReadOnlyList<ViewColumnView> Columns);

/// <summary>Read models (读模型) as they are, and as they were after any event.</summary>
internal static class ViewEndpoints
{
    private const int RowsMax = 1_000_000;

    public static void MapViews(this IEndpointRouteBuilder v1)
    {
        var views = v1.MapGroup("/ops/views").WithTags("Audit 审计");
        views.MapGet("", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Every read model, its columns and rows 读模型列表").Produces<IReadOnlyList<ViewView>>();
        views.MapGet("/{name}/rows", Rows).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Rows of a read model, now or as of a position or moment 读模型查询")
            .WithDescription("With as_of the log is folded up to there into tables of its own, one question at a time. "
                + "where=column=value, as often as wanted; an empty value stands for nothing at all. Lines of JSON: "
                + "{\"progress\":…}, {\"view\":…} with the columns, {\"row\":…} each, {\"end\":…}.")
            .Produces(StatusCodes.Status200OK, contentType: LineStream.MediaType);
    }

    public static Problem NoView(string name, IReadOnlyList<View> all) => new(
        "view_not_found",
        $"There is no read model {name}. There are {string.Join(", ", all.Select(one => one.Name))}.");

    private static async Task<IReadOnlyList<ViewView>> List(
        ViewCatalogue catalogue, Projector projector, CancellationToken cancellation)
    {
        var positions = projector.Status.ToDictionary(one => one.Name, one => one.Position);
        var views = new List<ViewView>();
        foreach (var view in await catalogue.All(cancellation))
            views.Add(new(
                view.Name, view.Projection.Name, positions.GetValueOrDefault(view.Projection.Name, -1),
                await catalogue.CountRows(view, cancellation),
                [.. view.Columns.Select(column => new ViewColumnView(column.Name, column.Type, column.KeyNo > 0))]));
        return views;
    }

    private static async Task<IResult> Rows(
        string name, string? as_of, string[]? where, int? limit, ViewCatalogue catalogue, LogPoints points,
        PastRoom room, CancellationToken cancellation)
    {
        var all = await catalogue.All(cancellation);
        if (all.FirstOrDefault(one => one.Name == name) is not { } view)
            return NoView(name, all);
        if (limit is < 1 or > RowsMax)
            return LogPoints.Wrong("limit", $"lies between 1 and {RowsMax}.");
        var (conditions, problem) = Conditions(view, where ?? []);
        if (problem is not null)
            return problem;
        var rows = new ViewRows(view, conditions, (limit ?? 100) + 1);
        if (as_of is null)
            return new LineStream(lines => Tell(
                lines, rows, null, ViewCatalogue.Rows(room.Sessions, rows, lines.Cancellation)));
        (var position, problem) = await points.Resolve("as_of", as_of, cancellation);
        return problem is not null ? problem : await room.Enter(async (lines, begin) =>
        {
            await using var past = await begin([view.Projection]);
            await past.FoldTo(position, at => lines.Progress(at, position), lines.Cancellation);
            await Tell(lines, rows, position, past.Rows(rows, lines.Cancellation));
        });
    }

    // One row more than asked for was read: it tells that there are more.
    private static async Task Tell(LineWriter lines, ViewRows asked, long? asOf, IAsyncEnumerable<string> rows)
    {
        var count = 0;
        var columns = asked.View.Columns.Select(one => new ViewColumnView(one.Name, one.Type, one.KeyNo > 0));
        await lines.Write(new { View = new { asked.View.Name, AsOf = asOf, Columns = columns } });
        await foreach (var row in rows)
        {
            if (++count < asked.CountMax)
                await lines.Write("row", row);
        }

        await lines.Write(new
        {
            End = new { Rows = Math.Min(count, asked.CountMax - 1), More = count == asked.CountMax },
        });
    }

    private static (IReadOnlyList<(ViewColumn, string)> Conditions, Problem? Problem) Conditions(
        View view, string[] where)
    {
        var conditions = new List<(ViewColumn, string)>();
        foreach (var condition in where)
        {
            var (name, value) = condition.Split('=', 2) is [var left, var right] ? (left, right) : (condition, null);
            if (value is null || value.Contains('\0', StringComparison.Ordinal))
                return ([], LogPoints.Wrong("where", $"{condition} is not column=value."));
            if (view.Columns.FirstOrDefault(one => one.Name == name) is not { } column)
            {
                var known = string.Join(", ", view.Columns.Select(one => one.Name));
                return ([], LogPoints.Wrong("where", $"{view.Name} has no column {name}. It has {known}."));
            }

            if (ColumnForm.Expected(column.Type, value) is { } expected)
                return ([], LogPoints.Wrong("where", $"{name} is {expected}, not '{value}'."));
            conditions.Add((column, value));
        }

        return (conditions, null);
    }
}
