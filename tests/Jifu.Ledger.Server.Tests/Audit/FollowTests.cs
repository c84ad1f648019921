namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>What <c>now</c> means to whoever asks for page after page.</summary>
public sealed class FollowTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Fact]
    public async Task Whoever_follows_the_log_from_now_on_gets_all_that_comes_between_two_pages()
    {
        var head = await server.Running.Head();
        var first = await Get("/v1/ops/events?from=now&limit=2&wait=0");
        Positions(first).ShouldBeEmpty();
        await server.Trade("follow");
        var last = await server.Running.Head();
        var (seen, cursor) = (new List<long>(), first["next_cursor"]);
        while (seen.Count < last - head)
        {
            var page = await Get($"/v1/ops/events?from=now&limit=2&wait=1&cursor={Uri.EscapeDataString(cursor)}");
            Positions(page).ShouldNotBeEmpty();
            seen.AddRange(Positions(page));
            cursor = page["next_cursor"];
        }

        seen.ShouldBe(Enumerable.Range(1, seen.Count).Select(i => head + i));
    }

    [Fact]
    public async Task Whoever_reads_up_to_now_ends_where_the_log_ended_at_the_first_page()
    {
        var head = await server.Running.Head();
        var page = await Get("/v1/ops/events?to=now&limit=2");
        await server.Trade("upto");
        var end = await Get(
            $"/v1/ops/events?to=now&limit=1000&cursor={Uri.EscapeDataString(page["next_cursor"])}");
        Positions(end)[^1].ShouldBe(head);
        end.Json.TryGetProperty("next_cursor", out _).ShouldBeFalse();
    }

    private Task<Answer> Get(string target) => server.Running.AsOperator("GET", target);

    private static IReadOnlyList<long> Positions(Answer page) =>
        [.. page.Json.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("position").GetInt64())];
}
