using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>What EventStoreDB holds is chained and signed in our copy of it, and held against it.</summary>
[Collection("event store")]
public sealed class CopyTests(ServerOnEventStore server) : IClassFixture<ServerOnEventStore>
{
    [Fact]
    public async Task Events_in_the_store_are_proved_by_checkpoints_and_archives_and_what_is_changed_there_is_found()
    {
        var shop = await Shop.Open(server, "copied");
        for (var i = 0; i < 5; i++)
            await shop.Paid($"order-{i}", 10_00 + i);
        var stored = Stored();
        (await server.AsOperator("POST", "/v1/ops/audit/checkpoints")).Status.ShouldBe(200);
        (await Verified()).ShouldBe((true, stored.Count, null));
        var keys = (await server.AsOperator("GET", "/v1/ops/audit/keys")).Json[0].GetProperty("public_key").GetString();
        var archive = await server.AsOperator("GET", "/v1/ops/audit/export?kind=all");
        using var zip = new MemoryStream(archive.Content);
        var report = ArchiveCheck.Run(zip, EvidenceKey.ReadAll(keys!), []);
        (report.IsGood, report.Events).ShouldBe((true, stored.Count));

        (int Place, Func<PlayedEvent, PlayedEvent?> Change, string Field)[] changes =
        [
            (3, one => one with { Data = ByteString.CopyFromUtf8("{}") }, "payload"),
            (stored.Count - 1, one => one with { Type = "payment.failed" }, "type"),
            (2, one => one with { Id = Guid.NewGuid() }, "event_id"),
            (0, one => one with { Metadata = ByteString.CopyFromUtf8("""{"actor":"x","$correlationId":"y"}""") },
                "metadata"),
            (5, _ => null, "stream"),
            (stored.Count - 1, _ => null, ""),
        ];
        foreach (var (place, change, field) in changes)
        {
            var was = server.Store.Log.Alter(stored[place].Position, change);
            var (good, _, found) = await Verified();
            (good, found?.Position).ShouldBe((false, place));
            (found!.Value.Field ?? "").ShouldBeOneOf(field, "version");
            server.Store.Log.Restore(was);
        }

        (await Verified()).ShouldBe((true, Stored().Count, null));
    }

    [Fact]
    public async Task What_is_copied_is_signed_although_the_store_does_not_read()
    {
        await Shop.Open(server, "signed");
        for (var i = 0; i < 6; i++)
            server.Store.Once(EventStoreMethods.Read, call => call.End(Code.DataLoss, "played"));
        (await server.AsOperator("POST", "/v1/ops/audit/checkpoints")).Refusal.ShouldBe("200");

        // Until all those answers are used up.
        await RunningServer.Until(async () => (await server.Send(null, "GET", "/health/ready")).Json
            .GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "event_log").GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_database_with_a_copy_is_not_taken_for_a_ledger_of_its_own() =>
        (await Should.ThrowAsync<InvalidOperationException>(
            LedgerServer.Build([.. server.Arguments(server.Home), "--ConnectionStrings:EventStore="])))
        .Message.ShouldContain("a copy of events that are in EventStoreDB");

    private List<PlayedEvent> Stored() => [.. server.Store.Log.After(-1).Where(one => !one.IsSystem)];

    private async Task<(bool Good, long Events, (long Position, string? Field)? First)> Verified()
    {
        var told = (await server.AsOperator("GET", "/v1/ops/audit/verification")).Json;
        var findings = told.GetProperty("findings");
        return (
            told.GetProperty("good").GetBoolean(), told.GetProperty("events").GetInt64(),
            findings.GetArrayLength() == 0
                ? null
                : (findings[0].GetProperty("position").GetInt64(),
                    findings[0].TryGetProperty("field", out var field) ? field.GetString() : null));
    }
}
