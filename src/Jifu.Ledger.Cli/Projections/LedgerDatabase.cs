using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.PostgreSql;
using Npgsql;

namespace Jifu.Ledger.Cli.Projections;

/// <summary>The ledger's log and views, for the commands that ask no server; opened only when the tables are those of
/// this program.</summary>
internal sealed class LedgerDatabase : IAsyncDisposable
{
    /// <summary>What is read here; the server's other tables may be of any version.</summary>
    public static readonly IReadOnlyList<SchemaModule> Modules =
    [
        SchemaModule.EventLog,
        new("views", typeof(ReadModels.Projections).Assembly, "Jifu.Ledger.ReadModels.Schema."),
    ];

    private LedgerDatabase(IEventLog log, NpgsqlDataSource owner) => (Log, Owner) = (log, owner);

    public IEventLog Log { get; }

    public NpgsqlDataSource Owner { get; }

    /// <summary>By the settings that <c>./scripts/run</c> passes on.</summary>
    /// <exception cref="CommandFailedException">A setting is missing or wrong, the database does not answer, or is of
    /// another version.</exception>
    public static async Task<LedgerDatabase> Open(CancellationToken cancellation)
    {
        var log = OpenLog();
        var opened = new LedgerDatabase(
            log, NpgsqlDataSource.Create(Setting("ConnectionStrings__LedgerOwner")));
        try
        {
            await MustBeOfThisVersion(opened.Owner, cancellation);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }

        return opened;
    }

    /// <exception cref="CommandFailedException">It is not, or does not answer.</exception>
    internal static async Task MustBeOfThisVersion(NpgsqlDataSource owner, CancellationToken cancellation)
    {
        IReadOnlyList<SchemaLevel> levels;
        try
        {
            levels = await SchemaLevel.Of(owner, Modules, cancellation);
        }
        catch (NpgsqlException e)
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"The database does not answer: {e.Message}");
        }

        if (levels.Any(level => level.IsNewer))
            throw Differs(
                "The database has been migrated by a later version than this jifu",
                levels.Where(level => level.IsNewer),
                "Use the jifu of the server's version.");
        if (levels.Any(level => level.IsOlder))
            throw Differs(
                "The database is not migrated to this version", levels.Where(level => level.IsOlder),
                "Start the server of this version (./scripts/run): it migrates when it starts.");
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Log).DisposeAsync();
        await Owner.DisposeAsync();
    }

    private static CommandFailedException Differs(string what, IEnumerable<SchemaLevel> levels, string remedy)
    {
        var where = string.Join(", ", levels.Select(level =>
            $"{level.Module} is at {Short(level.There) ?? "nothing"}, expected is {Short(level.Expected)}"));
        return new(ExitCodes.Unreachable, $"{what}: {where}. {remedy}");
    }

    private static string? Short(string? file) => Path.GetFileNameWithoutExtension(file);

    private static IEventLog OpenLog()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__EventStore") is not { Length: > 0 } store)
            return new PostgreSqlEventLog(Setting("ConnectionStrings__Ledger"), TimeProvider.System);
        try
        {
            return new EventStoreDbEventLog(
                EventStoreDbSettings.Parse(store), TimeProvider.System, IdSource.TimeOrdered(TimeProvider.System));
        }
        catch (FormatException e)
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"ConnectionStrings__EventStore: {e.Message}");
        }
    }

    private static string Setting(string name)
    {
        var text = Environment.GetEnvironmentVariable(name) ?? throw new CommandFailedException(
            ExitCodes.Unreachable, $"{name} is not set: start ./scripts/run, or set it to your database.");
        try
        {
            return ConnectionText.Checked(text);
        }
        catch (FormatException e)
        {
            throw new CommandFailedException(ExitCodes.Unreachable, $"{name}: {e.Message}");
        }
    }
}
