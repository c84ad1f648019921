using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations.Upkeep;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.TestKit;
using Jifu.Ledger.Upkeep;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Upkeep;

/// <summary>An event is left out of a projection that stands before it, and of no other.</summary>
public sealed class SkipDeskTests : IAsyncLifetime
{
    private static readonly EventMetadata By = new("test", "test");
    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private PostgreSqlEventLog _log = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create(
            SchemaModule.EventLog, new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema."));
        (_source, _log) = (
            NpgsqlDataSource.Create(_database.AppConnection), new(_database.AppConnection, TimeProvider.System));
    }

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_stands_before_an_event_is_past_it_once_it_is_left_out()
    {
        var (views, desk) = (ProjectorOf(LedgerEvents.Codec), Desk(ProjectorOf(LedgerEvents.Codec)));
        var position = await Stray("payment.succeeded");
        (await desk.Skip("journal", position, "stray", By, default))!.Code.ShouldBe("projection_not_stopped_there");

        desk = Desk(views);
        await views.CatchUp(default);
        (await desk.Skip("journal", position + 1, "stray", By, default))!.Code
            .ShouldBe("projection_not_stopped_there");
        (await desk.Skip("nothing", position, "stray", By, default))!.Code.ShouldBe("projection_not_found");
        (await desk.Skip("journal", position, "stray", By, default)).ShouldBeNull();
        (await desk.Skip("journal", position, "stray", By, default)).ShouldBeNull();
        (await Checkpoint("journal")).ShouldBe(position);
        (await Checkpoint("payments")).ShouldBe(position - 1);
        (await _log.Head(default)).ShouldBe(position + 1);
        await views.CatchUp(default);
        views.Status.Single(one => one.Name == "journal").Lag.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_server_has_applied_meanwhile_is_not_left_out()
    {
        // The older program does not know what the newer one has stored.
        var older = ProjectorOf(new EventCodec(("projection", typeof(ProjectionEvent))));
        var position = await Stray("merchant.suspended", """{"reason":"late","at":"2026-11-20T12:00:00+08:00"}""");
        await older.CatchUp(default);
        older.Status.ShouldAllBe(one => one.Fault!.Position == position);
        await PassAll(position);

        (await Desk(older).Skip("journal", position, "stray", By, default))!.Code
            .ShouldBe("projection_not_stopped_there");
        (await _log.Head(default)).ShouldBe(position);
    }

    // As another server that reads the event does.
    private async Task PassAll(long position)
    {
        await using var move = _source.CreateCommand("UPDATE views.checkpoint SET position = $1");
        move.Parameters.Add(new() { Value = position });
        await move.ExecuteNonQueryAsync();
    }

    private async Task<long> Stray(string type, string payload = "{}") => (await _log.Append(
        new(type.Split('.')[0], "x"), -1, [new(_ids.Next(), type, System.Text.Encoding.UTF8.GetBytes(payload))], By,
        default)).Position;

    private async Task<long> Checkpoint(string projection)
    {
        await using var read = _source.CreateCommand("SELECT position FROM views.checkpoint WHERE projection = $1");
        read.Parameters.Add(new() { Value = projection });
        return (long)(await read.ExecuteScalarAsync())!;
    }

    private Projector ProjectorOf(EventCodec codec) => new(
        _log, codec, _source, Projections.All, TimeProvider.System, NullLogger<Projector>.Instance);

    private SkipDesk Desk(Projector views) => new(_log, _ids, views, TimeProvider.System);
}
