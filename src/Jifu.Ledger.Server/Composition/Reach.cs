using System.Net.Sockets;
using Npgsql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Names the setting behind what goes wrong outside of us while we start: the database's driver and the file
/// system know of none.</summary>
internal static class Reach
{
    private const string Ledger = "ConnectionStrings__Ledger";
    private const string Owner = "ConnectionStrings__LedgerOwner";

    /// <summary>Does work that asks the database as the role that runs.</summary>
    /// <exception cref="InvalidOperationException">The database is away, or refuses.</exception>
    public static Task AsApp(ServerSettings settings, Func<Task> work) => At(Ledger, settings.Ledger, work);

    /// <summary>The same as the role that owns the tables, which is the one that runs when no other is named.</summary>
    /// <exception cref="InvalidOperationException">The database is away, or refuses.</exception>
    public static async Task AsOwner(ServerSettings settings, Func<Task> work)
    {
        var isNamed = settings.LedgerOwner != settings.Ledger;
        try
        {
            await At(isNamed ? Owner : Ledger, settings.LedgerOwner, work);
        }
        catch (InvalidOperationException e) when (!isNamed
            && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refusal)
        {
            throw new InvalidOperationException(
                $"{Owner}: it is not set, or names the role of {Ledger} again, and {RoleIn(settings.Ledger)} may not "
                + $"bring the tables up to this program: {Said(refusal)}", e);
        }
    }

    /// <summary>The home folder, in which files can be read and made.</summary>
    /// <exception cref="InvalidOperationException">They cannot.</exception>
    public static HomeFolder Home(string folder)
    {
        try
        {
            var home = new HomeFolder(folder);
            home.MustServe();
            return home;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Jifu__Home: {folder} does not do: {e.Message}", e);
        }
    }

    private static async Task At(string name, string connection, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is SocketException or NpgsqlException { InnerException: SocketException })
        {
            throw new InvalidOperationException(
                $"{name}: {new NpgsqlConnectionStringBuilder(connection).Host} cannot be reached: {e.Message}", e);
        }
        catch (PostgresException e)
        {
            throw new InvalidOperationException(
                $"{name}: the database answers {RoleIn(connection)} with {Said(e)}", e);
        }
        catch (NpgsqlException e)
        {
            throw new InvalidOperationException($"{name}: {e.Message}", e);
        }
    }

    // Without one the driver takes the name of whoever runs this process.
    private static string RoleIn(string connection) =>
        new NpgsqlConnectionStringBuilder(connection).Username is { Length: > 0 } role ? role : Environment.UserName;

    private static string Said(PostgresException refusal) => $"{refusal.SqlState}: {refusal.MessageText}";
}
