using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>A node that has just come to lead may not have found all that is in its own files.</summary>
[Collection("event store")]
public sealed class LaggingLogTests
{
    [Fact]
    public async Task A_log_that_seems_older_than_its_views_is_asked_again_before_the_server_refuses_to_start()
    {
        await using var store = await PlayedNode.Start();
        var position = store.Log.Append(
            "payment-1", -1,
            [new(Guid.NewGuid(), "made", "application/json", ByteString.CopyFromUtf8("{}"), ByteString.Empty)],
            DateTimeOffset.UtcNow).Position;
        store.IndexEnd = 0;
        store.Once(EventStoreMethods.Read, store.Usual).Once(EventStoreMethods.Read, call =>
        {
            // From the question after this one on.
            var answered = store.Usual(call);
            store.IndexEnd = long.MaxValue;
            return answered;
        });
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        await using (var connection = new NpgsqlConnection(database.OwnerConnection))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                "INSERT INTO views.checkpoint (projection, position) VALUES ('journal', $1)", connection);
            command.Parameters.Add(new() { Value = position });
            await command.ExecuteNonQueryAsync();
        }

        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        await using (await LedgerServer.Build(
        [
            $"--Jifu:Home={home}", $"--ConnectionStrings:Ledger={database.AppConnection}",
            $"--ConnectionStrings:LedgerOwner={database.OwnerConnection}",
            $"--ConnectionStrings:EventStore={store.ConnectionString}",
        ]))
            store.Calls.Count(call => call.Method == EventStoreMethods.Read).ShouldBe(3);
        Directory.Delete(home, recursive: true);
    }
}
