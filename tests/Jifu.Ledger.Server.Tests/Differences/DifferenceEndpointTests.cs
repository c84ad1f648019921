using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests.Differences;

/// <summary>What people do about differences, over HTTP.</summary>
public class DifferenceEndpointTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task Two_people_close_what_a_bill_has_too_much_and_undo_it()
    {
        var day = await DayWithTwoDifferences();
        var (mei, bo, auditor) = (await Key("operator"), await Key("operator"), await Key("auditor"));
        var open = (await server.AsOperator("GET", "/v1/ops/differences?class=only_at_channel")).Json
            .GetProperty("differences").EnumerateArray().Single();
        var (id, left) = (open.GetProperty("id").GetString()!, open.GetProperty("left").GetInt64());
        open.GetProperty("suggestion").GetProperty("code").GetString().ShouldBe("order_not_ours");
        open.GetProperty("age_days").GetInt32().ShouldBe(1);

        await WhatCannotBeProposed(id);
        (await Post(mei, id, "proposals", """{"action":"write_off","reason":"small"}"""))["status"]
            .ShouldBe("proposed");
        foreach (var alone in new[] { mei, await Key("operator", mei), server.Operator })
            (await Post(alone, id, "approvals", """{"proposal":1}""")).Refusal.ShouldBe("403 approver_is_proposer");
        (await Post(auditor, id, "approvals", """{"proposal":1}""")).Refusal.ShouldBe("403 role_not_admitted");
        var closed = await Post(bo, id, "approvals", """{"proposal":1}""");
        (closed["status"], closed.Number("left")).ShouldBe(("closed", 0));
        (await Post(bo, id, "approvals", """{"proposal":1}""")).Refusal.ShouldBe("200");

        (await Post(bo, id, "reversals", """{"reason":"it was found"}""")).Refusal.ShouldBe("200");
        (await Post(mei, id, "rejections", """{"proposal":2,"reason":"no"}"""))["status"].ShouldBe("closed");
        (await Post(bo, id, "reversals", """{"reason":"it was found"}""")).Refusal.ShouldBe("200");
        (await Post(mei, id, "approvals", """{"proposal":3}"""))["status"].ShouldBe("open");
        var story = (await server.Send(auditor, "GET", $"/v1/ops/differences/{id}")).Json;
        story.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()).ShouldBe(
            ["found", "proposed", "closed", "proposed", "rejected", "proposed", "reopened"]);
        story.GetProperty("steps").EnumerateArray().Sum(step => step.GetProperty("moved").GetInt64()).ShouldBe(left);
        await ItIsClosedByFile(id, mei);
        (await Count($"?as_of={day}")).ShouldBe(2);
        (await server.AsOperator("GET", $"/v1/ops/differences?as_of={day}&status=open")).Refusal
            .ShouldBe("400 parameter_invalid");
        foreach (var wrong in new[] { "status=opne", "channel=wechat", "class=fee" })
            (await server.AsOperator("GET", $"/v1/ops/differences?{wrong}")).Refusal.ShouldBe("400 parameter_invalid");
        (await Count("?older_than_days=2")).ShouldBe(0);
        (await Count("?status=closed")).ShouldBe(1);
    }

    private async Task WhatCannotBeProposed(string id)
    {
        (await Post(null, id, "proposals", """{"action":"steal","reason":"x"}""")).Refusal
            .ShouldBe("400 field_invalid");
        (await Post(null, id, "proposals", """{"action":"write_off","reason":" "}""")).Refusal
            .ShouldBe("400 field_invalid");
        (await Post(null, "d0", "proposals", """{"action":"write_off","reason":"x"}""")).Refusal
            .ShouldBe("404 difference_not_found");
        (await Post(null, id, "proposals", """{"action":"supplement","reason":"x"}""")).Refusal
            .ShouldBe("422 supplement_not_possible");
    }

    // One fills it in, and another approves all of the file by the command line; not who made the first one's key.
    private async Task ItIsClosedByFile(string id, RequestSigner mei)
    {
        var lines = Encoding.UTF8.GetString(
            (await server.AsOperator("GET", "/v1/ops/differences.csv?profile=machine")).Content)
            .ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var file = Path.Combine(server.Home, "open.csv");
        await File.WriteAllLinesAsync(file, lines.Select(line => line.StartsWith($"{id},", StringComparison.Ordinal)
            ? Regex.Replace(line, ",{9}([0-9]+)$", ",write_off,,,,,,small,,$1")
            : line));
        (await server.SendBytes(
            mei, "POST", "/v1/ops/differences/proposals?file_name=open.csv", await File.ReadAllBytesAsync(file)))
            .Number("proposed").ShouldBe(1);

        var (code, said, _) = await JifuCommand.Run(server.Home, "differences", "approve", "--file", file);
        (code, said.Contains($"difference {id}: approver_is_proposer: ", StringComparison.Ordinal))
            .ShouldBe((1, true));
        said.ShouldEndWith(
            $"0 approved, 0 were already, 1 rows without an action, 1 not approved.{Environment.NewLine}");
        var key = Path.Combine(server.Home, "lin.json");
        await File.WriteAllBytesAsync(
            key, (await server.AsOperator("POST", "/v1/ops/keys", """{"role":"operator"}""")).Content);
        (code, said, _) = await JifuCommand.Run(server.Home, "differences", "approve", "--file", file, "--key", key);
        (code, said).ShouldBe(
            (0, $"1 approved, 0 were already, 1 rows without an action, 0 not approved.{Environment.NewLine}"));
        (code, said, _) = await JifuCommand.Run(
            server.Home, "differences", "approve", "--file", file, "--key", key, "--json");
        (code, JsonDocument.Parse(said).RootElement.GetProperty("already_there").GetInt32()).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Files_that_cannot_be_understood_are_refused_with_their_place()
    {
        var download = await server.AsOperator("GET", "/v1/ops/differences.xlsx");
        download.Refusal.ShouldBe("200");
        download.Content.AsSpan(0, 2).ToArray().ShouldBe("PK"u8.ToArray());
        (await server.SendBytes(
            server.Operator, "POST", "/v1/ops/differences/proposals?file_name=open.xlsx", download.Content))
            .Number("proposed").ShouldBe(0);
        (await server.SendBytes(
            server.Operator, "POST", "/v1/ops/differences/proposals?file_name=open.xlsx", "no workbook"u8.ToArray()))
            .Refusal.ShouldBe("422 differences_file_rejected");
        var csv = await server.AsOperator("GET", "/v1/ops/differences.csv?profile=machine");
        csv.Refusal.ShouldBe("200");
        Encoding.UTF8.GetString(csv.Content).ShouldStartWith("difference,version,day,channel,class,");
        var approved = await server.SendBytes(
            server.Operator, "POST", "/v1/ops/differences/approvals?file_name=open.csv", csv.Content);
        (approved.Number("approved"), approved.Number("already_there")).ShouldBe((0, 0));
        approved.Json.GetProperty("failures").GetArrayLength().ShouldBe(0);
        (await server.SendBytes(
            server.Operator, "POST", "/v1/ops/differences/approvals?file_name=open.csv", "no table"u8.ToArray()))
            .Refusal.ShouldBe("422 differences_file_rejected");
        (await server.SendBytes(
            await Key("auditor"), "POST", "/v1/ops/differences/approvals?file_name=open.csv", csv.Content))
            .Refusal.ShouldBe("403 role_not_admitted");
        (await server.AsOperator("GET", "/v1/ops/differences.csv?profile=word")).Refusal
            .ShouldBe("400 parameter_invalid");
        (await server.SendBytes(
            server.Operator, "POST", "/v1/ops/differences/proposals?file_name=open.csv", csv.Content))
            .Number("proposed").ShouldBe(0);
    }

    [Fact]
    public async Task Rules_that_cannot_be_understood_are_refused_with_their_place()
    {
        const string Rule =
            """{"kind":"tolerance","classes":["fee_differs"],"within_minor":2,"rest_to":"channel_cost"}""";
        (await server.AsOperator(
            "PUT", "/v1/ops/matching-rules/cents", """{"rule":{"kind":"tolerance"},"reason":"x"}"""))
            .Refusal.ShouldBe("422 rule_invalid");
        var unknown = await server.AsOperator(
            "PUT", "/v1/ops/matching-rules/cents", """{"rule":{"kind":"magic"},"reason":"x"}""");
        unknown.Refusal.ShouldBe("400 field_type_wrong");
        $"{unknown.Json}".ShouldContain("must be one of tolerance, status, group");
        var mei = await Key("operator");
        (await server.Send(
            mei, "PUT", "/v1/ops/matching-rules/cents", $$"""{"rule":{{Rule}},"reason":"rounding"}""")).Json
            .GetProperty("asked").GetProperty("rule").GetProperty("rest_to").GetString().ShouldBe("channel_cost");
        (await server.AsOperator("POST", "/v1/ops/matching-rules/cents/approvals", """{"version":1}""")).Refusal
            .ShouldBe("403 rule_approver_is_proposer");
        (await server.Send(
            await Key("operator"), "POST", "/v1/ops/matching-rules/cents/approvals", """{"version":1}""")).Json
            .GetProperty("active").GetProperty("version").GetInt32().ShouldBe(1);
        (await server.AsOperator(
            "POST", "/v1/ops/matching-rules/test", $$"""{"rule":{{Rule}},"from":"2026-01-01","to":"2026-01-31"}"""))
            .Json.GetProperty("matches").GetArrayLength().ShouldBe(0);
        var backwards = await server.AsOperator(
            "POST", "/v1/ops/matching-rules/test", $$"""{"rule":{{Rule}},"from":"2026-01-31","to":"2026-01-01"}""");
        $"{backwards.Json}".ShouldContain("$.to: a day not before from, at most 400 days after it");
        (await server.AsOperator("POST", "/v1/ops/matching-rules/cents/retirement", """{"reason":"enough"}""")).Json
            .TryGetProperty("active", out _).ShouldBeFalse();
        (await server.AsOperator("POST", "/v1/ops/matching-rules/none/retirement", """{"reason":"enough"}""")).Refusal
            .ShouldBe("404 rule_not_found");
    }

    private async Task<BusinessDay> DayWithTwoDifferences()
    {
        var shop = await Shop.Open(server, "differing");
        var day = await server.Today();
        foreach (var no in new[] { "1", "2", "3" })
            await shop.Paid(no, 1_000);
        (await server.AsOperator("POST", $"/v1/sandbox/days/{day}/differences", """{"count":2,"seed":7}""")).Refusal
            .ShouldBe("200");
        await server.MoveClock(day.Next.Start.AddMinutes(90));
        var close = $"/v1/ops/days/{day}/close";
        Unexplained(await server.AsOperator("POST", close)).ShouldBe("2 ");
        (await server.AsOperator("POST", $"{close}?accept_differences=%20")).Refusal.ShouldBe("400 parameter_invalid");
        Unexplained(await server.AsOperator("POST", $"{close}?accept_differences=asked%20them"))
            .ShouldBe("2 asked them");
        Unexplained(await server.AsOperator("POST", close)).ShouldBe("2 asked them");
        return day;

        static string Unexplained(Answer closed)
        {
            closed.Refusal.ShouldBe("200");
            var one = closed.Json.GetProperty("unexplained").EnumerateArray().ShouldHaveSingleItem();
            var said = one.TryGetProperty("accepted", out var accepted) && accepted.ValueKind == JsonValueKind.Object
                ? accepted.GetProperty("reason").GetString()
                : "";
            return $"{one.GetProperty("open").GetInt32()} {said}";
        }
    }

    private Task<Answer> Post(RequestSigner? who, string id, string what, string body) =>
        server.Send(who ?? server.Operator, "POST", $"/v1/ops/differences/{id}/{what}", body);

    private async Task<int> Count(string query) =>
        (await server.AsOperator("GET", $"/v1/ops/differences{query}")).Json
            .GetProperty("differences").GetArrayLength();

    private async Task<RequestSigner> Key(string role, RequestSigner? by = null)
    {
        var made = await server.Send(
            by ?? server.Operator, "POST", "/v1/ops/keys", $$"""{"role":"{{role}}"}""");
        made.Status.ShouldBe(201);
        return RequestSigner.Hmac(made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
    }
}
