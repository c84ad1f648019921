using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>How far each projection has come, in the database beside its rows.</summary>
internal static class Checkpoints
{
    /// <summary>The positions of the given projections; -1 for one that has not begun.</summary>
    public static async Task<Dictionary<string, long>> Read(
        NpgsqlConnection connection, IEnumerable<string> projections, CancellationToken cancellation)
    {
        var names = projections.ToArray();
        var positions = await Stored(connection, cancellation);

        // Only what has not begun is written: the others are read where nothing can be written, too.
        if (names.All(positions.ContainsKey))
            return positions;
        await using (var seed = new NpgsqlCommand(
            """
            INSERT INTO views.checkpoint (projection, position) SELECT unnest(@names), -1
            ON CONFLICT (projection) DO NOTHING
            """, connection))
        {
            seed.Parameters.AddWithValue("names", names);
            await seed.ExecuteNonQueryAsync(cancellation);
        }

        return await Stored(connection, cancellation);
    }

    private static async Task<Dictionary<string, long>> Stored(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var read = new NpgsqlCommand("SELECT projection, position FROM views.checkpoint", connection);
        await using var rows = await read.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            positions[rows.GetString(0)] = rows.GetInt64(1);
        return positions;
    }

    /// <summary>Moves projections on; touches fewer rows when another process has moved one already.</summary>
    public static Statement Move(string[] projections, long from, long to) => new(
        "UPDATE views.checkpoint SET position = @to WHERE projection = ANY (@names) AND position = @from",
        projections.Length, ("names", projections), ("from", from), ("to", to));
}
