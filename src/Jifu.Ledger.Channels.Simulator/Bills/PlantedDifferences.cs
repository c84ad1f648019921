using Dapper;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>Plants differences in bills that are still open.</summary>
internal sealed class PlantedDifferences(SandboxDatabase database)
{
    private const int CountMax = 1_000;

    private sealed record PlantingRow(int Count, long Seed);

    private sealed record DifferenceRow(
        string Class, string Key, string Field, string Theirs, string Ours, long? Said);

    /// <summary>Plants, or says why not. The same count and seed again change nothing and give the same
    /// list.</summary>
    public async Task<(Planting? Planting, PlantingRefusal? Refusal)> Plant(
        BusinessDay day, int count, long seed, CancellationToken cancellation)
    {
        if (count is < 1 or > CountMax)
            return (null, PlantingRefusal.CountOutOfRange);
        return await database.Alone<(Planting?, PlantingRefusal?)>(
            async moment => await Of(moment, day) switch
            {
                { } known when known.Count == count && known.Seed == seed => (known, null),
                _ when await BillBook.IsFixed(moment, day) => (null, PlantingRefusal.BillAlreadyFixed),
                not null => (null, PlantingRefusal.DifferencesAlreadyPlanted),
                null => (await Plant(moment, day, count, seed), null),
            },
            cancellation);
    }

    public Task<Planting?> Of(BusinessDay day, CancellationToken cancellation) =>
        database.Trade(moment => Of(moment, day), cancellation);

    public static async Task<Planting?> Of(SandboxMoment moment, BusinessDay day)
    {
        var planting = await moment.Connection.QuerySingleOrDefaultAsync<PlantingRow>(
            "SELECT count, seed FROM sandbox.planting WHERE day = @Date", new { day.Date });
        if (planting is null)
            return null;
        var differences = await moment.Connection.QueryAsync<DifferenceRow>(
            """
            SELECT class, key, field, theirs, ours, said
            FROM sandbox.planted_difference WHERE day = @Date ORDER BY ordinal
            """,
            new { day.Date });
        return new(day, planting.Count, planting.Seed, [.. differences.Select(row =>
            new PlantedDifference(row.Class, row.Key, row.Field, row.Theirs, row.Ours) { Said = row.Said })]);
    }

    private static async Task<Planting> Plant(SandboxMoment moment, BusinessDay day, int count, long seed)
    {
        var rows = await BillRow.Of(moment, day);
        var nextIsOpen = !await BillBook.IsFixed(moment, day.Next);
        var planting = new Planting(day, count, seed, PlantedBill.Choose(day, seed, count, rows, nextIsOpen));
        await moment.Connection.ExecuteAsync(
            "INSERT INTO sandbox.planting (day, count, seed) VALUES (@Date, @count, @seed)",
            new { day.Date, count, seed });
        await moment.Connection.ExecuteAsync(
            """
            INSERT INTO sandbox.planted_difference (day, ordinal, class, key, field, theirs, ours, said)
            VALUES (@Date, @Index, @Class, @Key, @Field, @Theirs, @Ours, @Said)
            """,
            planting.Differences.Index().Select(at => new
            {
                day.Date, at.Index, at.Item.Class, at.Item.Key, at.Item.Field, at.Item.Theirs, at.Item.Ours,
                at.Item.Said,
            }));
        return planting;
    }
}
