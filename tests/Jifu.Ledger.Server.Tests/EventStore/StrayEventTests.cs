using System.Text.Json;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>Others write to EventStoreDB too. Whatever they write, the server stays, takes payments, and says what is
/// wrong.</summary>
[Collection("event store")]
public sealed class StrayEventTests(ServerOnEventStore server) : IClassFixture<ServerOnEventStore>
{
    [Fact]
    public async Task A_stray_event_parks_the_read_models_until_people_leave_it_out_and_stops_nothing_else()
    {
        var shop = await Shop.Open(server, "stray");
        await shop.Paid("before", 10_00);
        await server.CaughtUp();
        var leftOut = Written() - (await Verified()).Events;
        var position = Write($"test-{new string('x', 200)}", "payment.succeeded");

        await RunningServer.Until(async () => (await Projections()).TrueForAll(one => Fault(one) is { } fault
            && fault.GetProperty("position").GetInt64() == position));
        Fault((await Projections())[0])!.Value.GetProperty("reason").GetString()!
            .ShouldContain("no stream of a ledger is called 'test-xxx");
        (await IsLogReady()).ShouldBeTrue();
        await shop.Paid("after", 20_00);
        var seen = (await server.AsOperator("GET", "/v1/ops/events?category=unreadable")).Json.GetProperty("events")[0];
        seen.GetProperty("stream").GetString().ShouldStartWith("unreadable-test-xxx");
        seen.GetProperty("trouble").GetString()!.ShouldContain("'test-xxx");

        foreach (var name in (await Projections()).ConvertAll(one => one.GetProperty("name").GetString()))
            (await server.AsOperator(
                "POST", $"/v1/ops/projections/{name}/skips", $$"""{"position":{{position}},"reason":"not ours"}"""))
                .Refusal.ShouldBe("200");
        await server.CaughtUp();
        (await Verified()).ShouldBe((true, Written() - leftOut - 1));
    }

    [Fact]
    public async Task What_other_programs_keep_in_streams_of_their_own_is_passed_over_and_copied_as_far_as_it_can_be()
    {
        var shop = await Shop.Open(server, "others");
        var copied = (await Copied()) + 22;
        Write("ext.shop-1", "ext.opened", """{"actor":"","$correlationId":"\ud800","$causationId":"\u0000"}""");
        Write("ext.shop-1", "payment.succeeded");
        Write("ext.shop", "ext.opened");
        Write("test", "payment.succeeded");
        Write("ext.shop-2", "ext.\0");
        Write("ext.big-2", "ext.opened", "", (1 << 20) + 1);
        for (var i = 0; i < 20; i++)
            Write("ext.big-1", "ext.opened", "", 1 << 20);
        await shop.Paid("amidst", 10_00);

        await server.CaughtUp();
        await RunningServer.Until(async () => await Copied() > copied);
        (await Verified()).Good.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_copy_cannot_hold_is_proved_by_its_hashes_and_what_follows_in_its_stream_is_copied()
    {
        await server.CaughtUp();
        var large = Write("ext.large-1", "ext.opened", "", (1 << 20) + 1);
        Write("ext.large-1", "ext.closed");
        Write(
            "ext.mixed-1", (Guid.NewGuid(), "ext.opened"), (Guid.NewGuid(), "ext.\0"),
            (Guid.NewGuid(), "ext.closed"));
        await RunningServer.Until(async () => await Copied("ext.mixed-1") == 3);
        (await Copied("ext.large-1")).ShouldBe(2);
        (await Verified()).Good.ShouldBeTrue();

        var standIn = await server.AsSuperuser<byte[]>(
            "SELECT payload FROM log.events WHERE stream = 'ext.large-1' AND version = 0");
        foreach (var change in (Func<PlayedEvent, PlayedEvent?>[])
        [
            one => one with { Data = ByteString.CopyFrom([.. one.Data.Span[1..], 1]) },
            one => one with { Type = "ext.other" },
            one => one with { Type = "unreadable.hashed", Data = ByteString.CopyFrom(standIn) },
            one => one with { Id = Guid.NewGuid() },
            _ => null,
        ])
        {
            var was = server.Store.Log.Alter(large, change);
            (await Verified()).Good.ShouldBeFalse();
            server.Store.Log.Restore(was);
        }

        (await Verified()).Good.ShouldBeTrue();
    }

    [Fact]
    public async Task An_id_that_another_program_uses_twice_does_not_stop_the_copy()
    {
        await server.CaughtUp();
        var id = Guid.NewGuid();
        Write("ext.twice-1", (id, "ext.opened"), (Guid.NewGuid(), "ext.moved"), (id, "ext.closed"));
        await RunningServer.Until(async () => await Copied("ext.twice-1") == 3);
        (await Verified()).Good.ShouldBeTrue();
    }

    [Fact]
    public async Task A_user_whose_rights_are_taken_gets_503_and_the_server_goes_on_when_it_has_them_again()
    {
        var shop = await Shop.Open(server, "denied");
        for (var i = 0; i < 12; i++)
            server.Store.Once(EventStoreMethods.Read, call => call.End(
                i % 2 == 0 ? Code.Unauthenticated : Code.PermissionDenied, "Access Denied",
                ("exception", "access-denied")));
        (await shop.Pay(new("denied", 10_00))).Refusal.ShouldBe("503 unavailable");
        await RunningServer.Until(async () => (await shop.Pay(new("again", 10_00))).Status == 201);
        await server.CaughtUp();
    }

    private long Write(string stream, string type, string metadata = "", int bytes = 2) =>
        Write(stream, [Proposed(Guid.NewGuid(), type, metadata, bytes)]);

    private long Write(string stream, params (Guid Id, string Type)[] events) =>
        Write(stream, Array.ConvertAll(events, one => Proposed(one.Id, one.Type, "", 2)));

    // Written by somebody else, past our own rules.
    private long Write(string stream, ProposedEvent[] events) => server.Store.Log.Append(
        stream, server.Store.Log.Stream(stream).Count - 1, events, DateTimeOffset.UtcNow).Position!.Value;

    private static ProposedEvent Proposed(Guid id, string type, string metadata, int bytes) => new(
        id, type, "application/octet-stream", ByteString.CopyFrom(new byte[bytes]),
        ByteString.CopyFromUtf8(metadata));

    private int Written() => server.Store.Log.After(-1).Count(one => !one.IsSystem);

    private Task<long> Copied() => server.AsSuperuser<long>("SELECT count(*) FROM log.events");

    private Task<long> Copied(string stream) =>
        server.AsSuperuser<long>($"SELECT count(*) FROM log.events WHERE stream = '{stream}'");

    private async Task<(bool Good, long Events)> Verified()
    {
        var told = (await server.AsOperator("GET", "/v1/ops/audit/verification")).Json;
        return (told.GetProperty("good").GetBoolean(), told.GetProperty("events").GetInt64());
    }

    private async Task<List<JsonElement>> Projections() =>
        [.. (await server.AsOperator("GET", "/v1/ops/projections")).Json.EnumerateArray()];

    private static JsonElement? Fault(JsonElement projection) =>
        projection.TryGetProperty("fault", out var fault) && fault.ValueKind == JsonValueKind.Object ? fault : null;

    private async Task<bool> IsLogReady() =>
        (await server.Send(null, "GET", "/health/ready")).Json.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "event_log").GetProperty("ok").GetBoolean();
}
