using System.Text.Json;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>What an auditor asks, over HTTP.</summary>
public sealed class AuditTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Fact]
    public async Task Events_come_in_pages_both_ways_and_each_page_only_for_who_asked_for_it()
    {
        var all = await Events("/v1/ops/events?limit=1000");
        all.Select(Position).ShouldBe(Enumerable.Range(0, all.Count).Select(i => (long)i));
        (await Events("/v1/ops/events?limit=7")).Select(Position).ShouldBe(all.Select(Position));
        (await Events("/v1/ops/events?limit=7&order=desc")).Select(Position).ShouldBe(all.Select(Position).Reverse());

        var first = await Get("/v1/ops/events?limit=2");
        var cursor = Uri.EscapeDataString(first["next_cursor"]);
        (await Get($"/v1/ops/events?limit=2&cursor={cursor}&type=payment")).Refusal.ShouldBe("400 cursor_invalid");
        (await Get($"/v1/ops/events?limit=2&cursor={cursor}")).Json.GetProperty("events")[0]
            .GetProperty("position").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Filters_run_in_the_server_and_money_shows_its_entry()
    {
        var paid = await Events("/v1/ops/events?type=payment.succ&category=payment");
        paid.ShouldNotBeEmpty();
        paid.ShouldAllBe(one => one.GetProperty("type").GetString() == "payment.succeeded");
        var lines = paid[0].GetProperty("entry").GetProperty("lines").EnumerateArray();
        lines.Sum(line => line.GetProperty("amount").GetInt64()).ShouldBe(0);

        var stream = paid[0].GetProperty("stream").GetString()!;
        (await Events($"/v1/ops/events?stream={stream}")).Select(one => one.GetProperty("version").GetInt64())
            .ShouldBe([0, 1, 2, 3, 4]);
        var correlation = Uri.EscapeDataString(paid[0].GetProperty("correlation_id").GetString()!);
        (await Events($"/v1/ops/events?correlation={correlation}")).ShouldNotBeEmpty();

        var day = BusinessDay.Of(paid[0].GetProperty("recorded_at").GetDateTimeOffset());
        (await Events($"/v1/ops/events?from={day}&to={day}&type=payment.succeeded")).Count.ShouldBe(paid.Count);
        (await Events($"/v1/ops/events?from={day.Next}")).ShouldBeEmpty();
        var at = Uri.EscapeDataString($"{paid[0].GetProperty("recorded_at").GetDateTimeOffset():O}");
        (await Events($"/v1/ops/events?from={at}&to={at}&type=payment.succeeded")).Select(Position)
            .ShouldContain(Position(paid[0]));
    }

    [Fact]
    public async Task A_payload_that_nobody_can_read_is_shown_all_the_same()
    {
        var other = await Another();
        byte[][] payloads = [[0xFF, 0xFE], [], "{\"b\":1,\"b\":2}"u8.ToArray(), "{\"strange\":true}"u8.ToArray()];
        await other.Strangers(payloads);
        var odd = (await other.Running.AsOperator("GET", "/v1/ops/events?type=payment.unheard")).Json
            .GetProperty("events");
        odd.EnumerateArray().Select(one => one.TryGetProperty("payload_base64", out var raw)
            ? raw.GetString() : one.GetProperty("payload").GetRawText())
            .ShouldBe(["//4=", "", Convert.ToBase64String(payloads[2]), "{\"strange\":true}"]);
        odd.EnumerateArray().ShouldAllBe(one => one.GetProperty("trouble").GetString()!.Contains("does not know"));

        // Balances before it are told; a fold that would have to pass it says where it stopped.
        var first = Position(odd[0]);
        Lines(await other.Running.AsOperator("GET", $"/v1/ops/views/merchant/rows?as_of={first - 1}"))[^1]
            .GetProperty("end").GetProperty("rows").GetInt64().ShouldBe(1);
        Lines(await other.Running.AsOperator("GET", $"/v1/ops/views/merchant/rows?as_of={first}"))[^1]
            .GetProperty("problem").GetProperty("code").GetString().ShouldBe("fold_stopped");
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_follows_the_log_loses_nothing_and_gets_nothing_twice_when_the_server_starts_again()
    {
        var other = await Another();
        var (seen, cursor) = (new List<long>(), "");
        await Follow(2);
        var waiting = other.Running.AsOperator("GET", $"/v1/ops/events?wait=20&limit=3{cursor}");
        await Task.Delay(100);
        await other.Running.Restart();
        await Take(await waiting);
        await other.Trade("again");
        while (seen.Count <= await other.Running.Head())
            await Follow(1);
        seen.ShouldBe(Enumerable.Range(0, seen.Count).Select(i => (long)i));
        await other.DisposeAsync();

        async Task Follow(int pages)
        {
            for (var i = 0; i < pages; i++)
                await Take(await other.Running.AsOperator("GET", $"/v1/ops/events?wait=20&limit=3{cursor}"));
        }

        Task Take(Answer page)
        {
            page.Refusal.ShouldBe("200");
            seen.AddRange(page.Json.GetProperty("events").EnumerateArray().Select(Position));
            cursor = $"&cursor={Uri.EscapeDataString(page["next_cursor"])}";
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Whoever_waits_for_events_and_loses_the_key_is_told_none()
    {
        var made = await server.Running.AsOperator("POST", "/v1/ops/keys", """{"role":"auditor"}""");
        var key = RequestSigner.Hmac(made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
        var waiting = server.Running.Send(key, "GET", "/v1/ops/events?from=now&wait=2");
        await Task.Delay(100);
        (await server.Running.AsOperator("DELETE", $"/v1/ops/keys/{made["key_id"]}")).Status.ShouldBe(204);
        (await waiting).Refusal.ShouldBe("401 key_revoked");
    }

    [Fact]
    public async Task A_read_model_of_the_past_and_what_has_changed_since()
    {
        var live = Lines(await Get("/v1/ops/views/payment/rows"));
        var folded = Lines(await Get("/v1/ops/views/payment/rows?as_of=now"));
        Rows(folded).ShouldBe(Rows(live));
        Lines(await Get("/v1/ops/views/payment/rows?as_of=start"))[^1].GetProperty("end").GetProperty("rows")
            .GetInt64().ShouldBe(0);
        Rows(Lines(await Get("/v1/ops/views/payment/rows?where=merchant_id=m1&where=status=paid&limit=1"))).Count
            .ShouldBe(1);
        Rows(Lines(await Get("/v1/ops/views/clearing_entry/rows?where=batch_id="))).ShouldNotBeEmpty();

        var diff = (await Get("/v1/ops/diff?from=start&to=now")).Json;
        diff.GetProperty("sums").EnumerateArray().ShouldAllBe(sum =>
            sum.GetProperty("debits").GetInt64() == sum.GetProperty("credits").GetInt64());
        var views = Lines(await Get("/v1/ops/diff/views?from=start&to=now&view=payment"));
        views.Count(line => line.TryGetProperty("row", out _)).ShouldBe(Rows(live).Count);
        (await Get("/v1/ops/views")).Json.EnumerateArray().Select(one => one.GetProperty("name").GetString())
            .ShouldContain("journal_line");
    }

    [Theory]
    [InlineData("/v1/ops/events?from=999999", "from: position 999999 is not there yet")]
    [InlineData("/v1/ops/events?to=999999", "to: position 999999 is not there yet")]
    [InlineData("/v1/ops/events?from=yesterday", "from: yesterday is neither")]
    [InlineData("/v1/ops/events?from=2026-11-21T10:00:00", "from: 2026-11-21T10:00:00 is neither")]
    [InlineData("/v1/ops/events?order=down", "order: down")]
    [InlineData("/v1/ops/events?limit=0", "limit: lies between")]
    [InlineData("/v1/ops/events?wait=31", "wait: lies between")]
    [InlineData("/v1/ops/events?stream=nohyphen", "stream: nohyphen")]
    [InlineData("/v1/ops/events?category=pay-ment", "category: ")]
    [InlineData("/v1/balances?as_of=999999", "as_of: position 999999 is not there yet")]
    [InlineData("/v1/ops/accounts/bank/why?as_of=999999", "as_of: position 999999 is not there yet")]
    [InlineData("/v1/ops/accounts/bank/why?as_of=2099-01-01T00:00:00Z", "as_of: 2099-01-01T00:00:00Z lies in")]
    [InlineData("/v1/ops/accounts/bank/why?since=2026-11-21", "since: 2026-11-21 is a day")]
    [InlineData("/v1/ops/accounts/bank/why?day=x", "day: x is no day")]
    [InlineData("/v1/ops/events?from=9&to=3", "from: 9 is after to, 3")]
    [InlineData("/v1/ops/events?from=2026-11-22&to=2026-11-20", "from: 2026-11-22 is after to, 2026-11-20")]
    [InlineData("/v1/ops/accounts/fee_income/why?since=9&as_of=3", "since: position 9 is after as_of, 3")]
    [InlineData("/v1/ops/diff?from=5&to=3", "from: position 5 is after to, 3")]
    [InlineData("/v1/ops/diff/views?from=start&to=x", "to: x is neither")]
    [InlineData("/v1/ops/views/payment/rows?where=nothing=1", "where: payment has no column nothing")]
    [InlineData("/v1/ops/views/payment/rows?where=status", "where: status is not column=value")]
    [InlineData("/v1/ops/views/payment/rows?where=amount_minor=100.00", "where: amount_minor is a whole number")]
    [InlineData("/v1/ops/views/payment/rows?where=created_at=yesterday", "where: created_at is a moment with")]
    [InlineData("/v1/ops/views/journal_line/rows?where=business_day=today", "where: business_day is a day as")]
    [InlineData("/v1/ops/views/payment/rows?limit=0", "limit: lies between")]
    public async Task What_cannot_be_answered_is_refused_and_says_where(string target, string what)
    {
        var answer = await Get(target);
        answer.Refusal.ShouldBe("400 parameter_invalid");
        answer["detail"].ShouldContain(what);
    }

    [Theory]
    [InlineData("/v1/ops/accounts/merchant_pending:nobody/why", "404 account_not_found")]
    [InlineData("/v1/ops/accounts/purse/lines", "404 account_not_found")]
    [InlineData("/v1/balances?account=merchant_pending:nobody", "404 account_not_found")]
    [InlineData("/v1/ops/views/nothing/rows", "404 view_not_found")]
    [InlineData("/v1/ops/views/checkpoint/rows?as_of=now", "404 view_not_found")]
    [InlineData("/v1/ops/diff/views?from=start&to=now&view=nothing", "404 view_not_found")]
    public async Task What_is_not_there_is_named(string target, string refusal) =>
        (await Get(target)).Refusal.ShouldBe(refusal);

    [Fact]
    public async Task A_text_that_is_no_value_of_its_column_is_refused_in_the_last_line() =>
        Lines(await Get("/v1/ops/views/journal_line/rows?where=line_no=99999999999"))[^1].GetProperty("problem")
            .GetProperty("detail").GetString()!.ShouldContain("line_no: ");

    [Fact]
    public async Task A_merchant_may_ask_none_of_it_and_an_auditor_all_of_it_and_nothing_else()
    {
        string[] targets =
        [
            "/v1/ops/events", "/v1/ops/accounts/bank/lines", "/v1/ops/accounts/fee_income/why", "/v1/ops/views",
            "/v1/ops/views/payment/rows", "/v1/ops/diff?from=start&to=now", "/v1/ops/diff/views?from=start&to=now",
        ];
        foreach (var target in targets)
        {
            (await server.Shop.Get(target)).Refusal.ShouldBe("403 role_not_admitted");
            (await server.Running.Send(server.Auditor, "GET", target)).Refusal
                .ShouldBeOneOf("200", "404 account_not_found");
        }

        (await server.Running.Send(server.Auditor, "POST", "/v1/ops/chase")).Refusal.ShouldBe("403 role_not_admitted");
    }

    private static async Task<AuditedServer> Another()
    {
        var other = new AuditedServer();
        await other.InitializeAsync();
        return other;
    }

    private Task<Answer> Get(string target) => server.Running.AsOperator("GET", target);

    private async Task<IReadOnlyList<JsonElement>> Events(string target)
    {
        var (events, cursor) = (new List<JsonElement>(), "");
        do
        {
            var page = await Get(target + cursor);
            page.Refusal.ShouldBe("200");
            events.AddRange(page.Json.GetProperty("events").EnumerateArray());
            cursor = page.Json.TryGetProperty("next_cursor", out var next)
                ? $"&cursor={Uri.EscapeDataString(next.GetString()!)}"
                : "";
        }
        while (cursor.Length > 0);
        return events;
    }

    private static long Position(JsonElement one) => one.GetProperty("position").GetInt64();

    private static IReadOnlyList<JsonElement> Lines(Answer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];

    private static IReadOnlyList<string> Rows(IReadOnlyList<JsonElement> lines) =>
        [.. lines.Where(line => line.TryGetProperty("row", out _))
            .Select(line => line.GetProperty("row").GetRawText())];
}
