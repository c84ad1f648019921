using Jifu.Ledger.Cli.Projections;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Cli.Tests.Projections;

public sealed class LedgerDatabaseTests
{
    [Fact]
    public async Task A_database_of_this_version_is_opened()
    {
        await using var database = await TestDatabase.Create(LedgerDatabase.Modules);
        (await Told(database)).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_is_not_migrated_yet_is_told_with_what_there_is_and_what_to_do()
    {
        await using var database = await TestDatabase.Create(LedgerDatabase.Modules);
        await Execute(database, "DELETE FROM public.schema_migration WHERE module = 'views' AND name >= '131'");
        (await Told(database)).ShouldBe(
            "The database is not migrated to this version: views is at 130_journal_by_account, "
            + $"expected is {Last("views")}. "
            + "Start the server of this version (./scripts/run): it migrates when it starts.");
    }

    [Fact]
    public async Task One_that_nobody_has_migrated_is_at_nothing()
    {
        await using var database = await TestDatabase.Create(LedgerDatabase.Modules);
        await Execute(database, "DROP TABLE public.schema_migration");
        (await Told(database)).ShouldBe(
            $"The database is not migrated to this version: log is at nothing, expected is {Last("log")}, "
            + $"views is at nothing, expected is {Last("views")}. "
            + "Start the server of this version (./scripts/run): it migrates when it starts.");
    }

    [Fact]
    public async Task One_of_a_later_version_wants_a_later_program()
    {
        await using var database = await TestDatabase.Create(LedgerDatabase.Modules);
        await Execute(database, """
            INSERT INTO public.schema_migration (module, name, checksum) VALUES
                ('views', '999_later.sql', 'x'), ('unread', '001_unread.sql', 'x')
            """);
        (await Told(database)).ShouldBe(
            "The database has been migrated by a later version than this jifu: views is at 999_later, "
            + $"expected is {Last("views")}. Use the jifu of the server's version.");
    }

    [Fact]
    public async Task One_that_does_not_answer_is_told_in_one_sentence()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing");
        var failed = await Should.ThrowAsync<CommandFailedException>(
            LedgerDatabase.MustBeOfThisVersion(nowhere, default));
        failed.ExitCode.ShouldBe(3);
        failed.Message.ShouldStartWith("The database does not answer: ");
    }

    private static async Task<string?> Told(TestDatabase database)
    {
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnection);
        try
        {
            await LedgerDatabase.MustBeOfThisVersion(owner, default);
            return null;
        }
        catch (CommandFailedException failed)
        {
            failed.ExitCode.ShouldBe(3);
            return failed.Message;
        }
    }

    private static string Last(string module)
    {
        var one = LedgerDatabase.Modules.Single(known => known.Name == module);
        return one.Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(one.ResourcePrefix, StringComparison.Ordinal))
            .Max(StringComparer.Ordinal)![one.ResourcePrefix.Length..^".sql".Length];
    }

    private static async Task Execute(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Written above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
