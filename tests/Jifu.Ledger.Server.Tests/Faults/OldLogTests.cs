using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Faults;

/// <summary>An older log was put back under newer views (F38): the views would wait for a position that other events
/// take meanwhile.</summary>
public class OldLogTests
{
    [Theory]
    [InlineData("INSERT INTO views.checkpoint (projection, position) VALUES ('journal', 9)", "the view journal")]
    [InlineData("UPDATE notices.checkpoint SET position = 9", "the notices to merchants")]
    public async Task A_log_that_ends_before_what_was_made_of_it_is_refused_at_start(string put, string who)
    {
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        await using (var connection = new NpgsqlConnection(database.OwnerConnection))
        {
            await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
            await using var command = new NpgsqlCommand(put, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }

        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => LedgerServer.Build(
        [
            $"--Jifu:Home={home}", $"--ConnectionStrings:Ledger={database.AppConnection}",
            $"--ConnectionStrings:LedgerOwner={database.OwnerConnection}",
        ]));
        refused.Message.ShouldBe(
            $"the log ends at position -1, but {who} has seen position 9. An older log stands under newer views: "
            + "put both back from the same backup (docs/operating/troubles.md).");
        Directory.Delete(home, recursive: true);
    }
}
