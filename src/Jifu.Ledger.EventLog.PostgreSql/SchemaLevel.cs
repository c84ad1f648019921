using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>How far one module's tables have come in a database, beside this program's.</summary>
/// <param name="Module">Whose tables.</param>
/// <param name="There">The name of the last file that was applied to the database; null when none was.</param>
/// <param name="Expected">The name of this program's last file.</param>
/// <param name="IsOlder">The database lacks a file of this program: the server of this version applies it when it
/// starts.</param>
/// <param name="IsNewer">The database has a file that this program does not know: it belongs to a later one.</param>
public sealed record SchemaLevel(string Module, string? There, string Expected, bool IsOlder, bool IsNewer)
{
    /// <summary>Looks, and changes nothing; for whoever does not migrate: see <see cref="Migrator"/>.</summary>
    /// <param name="database">As any of our roles.</param>
    /// <param name="modules">Those whose tables the caller reads; others' are left out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IReadOnlyList<SchemaLevel>> Of(
        NpgsqlDataSource database, IReadOnlyList<SchemaModule> modules, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var exists = new NpgsqlCommand(
            "SELECT to_regclass('public.schema_migration') IS NOT NULL", connection);
        var applied = await exists.ExecuteScalarAsync(cancellation) is true
            ? await Migrator.Applied(connection, cancellation)
            : [];
        return [.. modules.Select(module => Of(module, applied.Keys))];
    }

    private static SchemaLevel Of(SchemaModule module, IEnumerable<(string Module, string Name)> applied)
    {
        var known = module.Files().Select(file => file.Name).ToList();
        var there = applied.Where(file => file.Module == module.Name).Select(file => file.Name)
            .Order(StringComparer.Ordinal).ToList();
        return new(
            module.Name, there.LastOrDefault(), known[^1],
            known.Except(there).Any(), there.Except(known).Any());
    }
}
