using System.Globalization;
using System.Text;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>The bank's statements as finance brings them over HTTP: looked at, mapped, imported, held against our
/// books; and refused with the place of what is wrong.</summary>
public class BankTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string Headings = "交易日期|收入金额|支出金额|余额|流水号|摘要";

    [Fact]
    public async Task A_statement_is_looked_at_mapped_imported_and_held_against_our_books()
    {
        var (day, money, paidOut) = await ClosedDay();
        var file = Excel(
            $"@{Serial(day.Next)}|{money.Amount:#,##0.00}||#{money.Amount}|{money.Reference}|渠道结算", "",
            $"#{Serial(day.Next)}||#{paidOut}|={money.Amount - paidOut}||代付",
            $"{day.Next}|3.33||#{money.Amount - paidOut + 3.33m}|W1|不明来款", "合计|||||");
        (await Ask("icbc/mapping")).Refusal.ShouldBe("409 statement_mapping_missing");
        (await Bring("icbc/statements", file)).Refusal.ShouldBe("409 statement_mapping_missing");

        var preview = await Bring("icbc/preview", file);
        (preview.Number("count"), preview["break"], preview.Json.GetProperty("is_saved").GetBoolean())
            .ShouldBe((3, "", false));
        preview.Json.GetProperty("lines").EnumerateArray()
            .Select(line => $"{line.GetProperty("line_no")} {line.GetProperty("amount")} {line.GetProperty("note")}")
            .ShouldBe([$"3 {money.Amount * 100:0} 渠道结算", $"5 {-paidOut * 100:0} 代付", "6 333 不明来款"]);
        var mapping = preview.Json.GetProperty("mapping");
        mapping.GetProperty("sheet").GetString().ShouldBe("明细");
        (await server.AsOperator("PUT", "/v1/ops/bank/icbc/mapping", mapping.GetRawText())).Refusal.ShouldBe("200");
        (await Ask("icbc/mapping")).Json.GetRawText().ShouldBe(mapping.GetRawText());
        (await Bring("icbc/preview", file)).Json.GetProperty("is_saved").GetBoolean().ShouldBeTrue();

        var done = await Bring("icbc/statements", file);
        (done.Number("rows"), done.Number("new_rows"), done.Number("matched"), done["break"]).ShouldBe((3, 3, 2, ""));
        var again = await Bring("icbc/statements", file);
        (again.Json.GetProperty("already_there").GetBoolean(), again.Number("matched")).ShouldBe((true, 0));
        (await Ask("statements")).Json.GetArrayLength().ShouldBe(1);
        await ItIsHeldAgainstTheBooks(day);
        await MomentsAreShanghais(day);
    }

    // What a view keeps as a moment is told as all others are, wherever it is told.
    private async Task MomentsAreShanghais(BusinessDay day)
    {
        var (period, theirs) = ($"from={day}&to={day.Next}", $"{day.Next}T00:00:00+08:00");
        (await Ask($"open?{period}")).Json.GetProperty("only_at_bank")[0].GetProperty("booked_at").GetString()
            .ShouldBe(theirs);
        (await Ask($"lines?{period}")).Json.EnumerateArray().Select(line => line.GetProperty("booked_at").GetString())
            .ShouldAllBe(at => at == theirs);
        (await Ask("statements")).Json[0].GetProperty("imported_at").GetString()!.ShouldEndWith("+08:00");
        (await server.AsOperator("GET", $"/v1/ops/days/{day}/imports")).Json[0].GetProperty("imported_at").GetString()!
            .ShouldEndWith("+08:00");
    }

    private async Task ItIsHeldAgainstTheBooks(BusinessDay day)
    {
        var period = $"from={day}&to={day.Next}";
        var lines = (await Ask($"lines?{period}")).Json.EnumerateArray()
            .ToDictionary(line => line.GetProperty("note").GetString()!);
        Matched("渠道结算").ShouldBe($"funds:sandbox:{day}");
        Matched("代付").ShouldStartWith("settlement:");
        (await Ask($"lines?{period}&open=true")).Json.EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("note").GetString().ShouldBe("不明来款");
        var open = (await Ask($"open?{period}")).Json;
        (open.GetProperty("only_at_bank").GetArrayLength(), open.GetProperty("only_with_us").GetArrayLength())
            .ShouldBe((1, 0));
        var unknown = open.GetProperty("only_at_bank")[0];
        unknown.GetProperty("age_days").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        unknown.GetProperty("suggestion").GetProperty("code").GetString().ShouldBe("books_may_follow");
        open.GetProperty("covered_to").GetString().ShouldBe($"{day.Next}");
        (await server.AsOperator("GET", $"/v1/ops/days/{day}/money")).Json[0].GetProperty("bank").GetString()
            .ShouldBe("confirmed");

        await ItIsExplainedByTwo(unknown.GetProperty("line").GetString()!, period);

        // What was taken for the wrong thing is undone with a reason, and found again by nobody but a person.
        var undo = $"icbc/lines/{lines["代付"].GetProperty("line").GetString()}/unmatch?reason=";
        (await Post(undo)).Refusal.ShouldBe("400 parameter_invalid");
        (await Post($"{undo}wrong")).Refusal.ShouldBe("204");
        (await Post($"{undo}wrong")).Refusal.ShouldBe("404 statement_line_not_matched");
        var payout = (await Ask($"open?{period}")).Json.GetProperty("only_with_us")[0];
        payout.GetProperty("amount_minor").GetInt64().ShouldBeNegative();
        var apart = await Post(
            $"icbc/lines/{unknown.GetProperty("line").GetString()}/match?to={payout.GetProperty("id").GetString()}");
        (apart.Refusal, apart.Json.GetProperty("amounts").GetProperty("found_minor").GetInt64())
            .ShouldBe(("409 statement_amounts_differ", 333));
        apart["detail"].ShouldContain("is expected, and CNY 3.33 came.");
        (await Post("match")).Number("matched").ShouldBe(0);
        var confirm = undo.Replace("unmatch?reason=", "match", StringComparison.Ordinal);
        (await Post(confirm)).Refusal.ShouldBe("400 parameter_invalid");
        (await Post($"{confirm}?to=funds:sandbox:{day}")).Refusal.ShouldBe("409 statement_money_not_expected");
        (await Post($"{confirm}?to={payout.GetProperty("id").GetString()}")).Refusal.ShouldBe("204");
        (await Post($"{confirm}?to={payout.GetProperty("id").GetString()}")).Refusal
            .ShouldBe("409 statement_line_matched");

        string Matched(string note) => lines[note].GetProperty("matched_to").GetString()!;
    }

    private async Task ItIsExplainedByTwo(string line, string period)
    {
        var explain = $"icbc/lines/{line}/explain";
        (await Post($"{explain}?as=petty_cash&reason=interest")).Refusal.ShouldBe("422 statement_account_not_admitted");
        (await Post($"{explain}?as=bank&reason=interest")).Refusal.ShouldBe("422 statement_account_not_admitted");
        (await Post($"{explain}?as=bank_interest&reason=")).Refusal.ShouldBe("400 parameter_invalid");
        (await Post($"{explain}?as=bank_interest&reason=interest&with={line}&to=x")).Refusal
            .ShouldBe("400 parameter_invalid");
        var proposed = await Post($"{explain}?as=bank_interest&reason=interest");
        (proposed.Number("amount_minor"), proposed["as"]).ShouldBe((333, "bank_interest"));
        var open = (await Ask($"open?{period}")).Json;
        open.GetProperty("explained").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString()
            .ShouldBe(proposed["id"]);
        open.GetProperty("only_at_bank")[0].GetProperty("suggestion").GetProperty("code").GetString()
            .ShouldBe("explanation_awaits_approval");
        var decide = $"explanations/{proposed["id"]}";
        (await Post($"{decide}/approve")).Refusal.ShouldBe("403 statement_needs_another_person");
        (await Post($"{decide}/reject?reason=")).Refusal.ShouldBe("400 parameter_invalid");
        (await Post($"{decide}/reject?reason=wrong")).Refusal.ShouldBe("204");
        (await Post($"{decide}/approve")).Refusal.ShouldBe("404 statement_explanation_not_found");
    }

    [Theory]
    [InlineData("@46346|#7.005||#1|N1|", "statement_amount_malformed", "sheet 明细, cell B3: ", "not '7.005'")]
    [InlineData("@46346|1,23.00||#1|N1|", "statement_amount_malformed", "sheet 明细, cell B3: ", "not '1,23.00'")]
    [InlineData("@46346|#1|#2|#1|N1|", "statement_amount_malformed", "sheet 明细, cell C3: ", "not both")]
    [InlineData("20/11/26|#1||#1|N1|", "statement_time_malformed", "sheet 明细, cell A3: ", "a time like yyyy-MM-dd")]
    [InlineData("@46346|=||#1|N1|", "statement_cell_unreadable", "sheet 明细, cell B3: ", "never calculated")]
    [InlineData("@46346|#1||#1|#2.02611E+17|", "statement_cell_unreadable", "sheet 明细, cell E3: ", "lost digits")]
    [InlineData("", "statement_empty", ": ", "a line below the headings")]
    public async Task A_line_that_cannot_be_read_refuses_the_file_with_its_cell(
        string row, string code, string place, string expected)
    {
        await Mapped("boc");
        var head = await server.Head();
        var answer = await Bring("boc/statements", Excel(row));
        answer.Refusal.ShouldBe($"422 {code}");
        answer["detail"].ShouldMatch($"s.xlsx.*{place}{code}: .*{expected}");
        (await server.Head()).ShouldBe(head);
        (await server.AsSuperuser<long>("SELECT count(*) FROM files.bill WHERE account = 'boc'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_is_no_such_statement_is_refused_as_a_whole()
    {
        await Mapped("abc");
        var whole = Excel("@46346|#1||#1|N1|");
        await Refused(whole[..^40], "statement_workbook_unreadable", "the file was cut off or changed on the way");
        await Refused([0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3, 4], "statement_workbook_unreadable", "save it as .xlsx");
        await Refused([], "statement_empty", "expected a statement");
        await Refused(
            Spreadsheet.Of(("Sheet1", [Headings])), "statement_sheet_missing", "a sheet called 明细; it has Sheet1");
        await Refused(
            Spreadsheet.Of(("明细", ["交易日期|贷方|借方|余额"])), "statement_headings_missing",
            "sheet 明细, line 1: .*this one lacks 收入金额, 支出金额, 流水号, 摘要");
        await Refused(Encoding.Unicode.GetBytes("交易日期"), "statement_not_text",
            "line 1, character 1: .*expected text in UTF-8, not the byte");
        await Refused("交易日期,\"收入"u8.ToArray(), "statement_row_malformed", "line 1: .*the quote that ends");
        (await Bring("abc/preview", [], "&mapping=%7B")).Refusal.ShouldBe("400 json_malformed");
        (await Bring("abc/preview", whole, "&mapping=" + Uri.EscapeDataString(
            """{"date":"","date_format":"x","encoding":"utf-8","separator":",","skip_lines":0}""")))
            .Refusal.ShouldBe("422 statement_mapping_invalid");
        (await Bring("a_b/preview", whole)).Refusal.ShouldBe("400 parameter_invalid");
        (await Bring("abc/statements", whole, "", "")).Refusal.ShouldBe("400 parameter_invalid");
        (await Ask("lines?from=2026-02-30&to=2026-03-01")).Refusal.ShouldBe("400 parameter_invalid");
        (await Ask("open?from=x&to=y")).Refusal.ShouldBe("400 parameter_invalid");

        async Task Refused(byte[] content, string code, string expected)
        {
            var answer = await Bring("abc/statements", content);
            answer.Refusal.ShouldBe($"422 {code}");
            answer["detail"].ShouldContain($": {code}: ");
            answer["detail"].ShouldMatch($"。s.xlsx.*{expected}");
        }
    }

    [Fact]
    public async Task Merchants_see_nothing_of_the_bank_and_auditors_change_nothing()
    {
        var shop = await Shop.Open(server, "curious");
        (await shop.Get("/v1/ops/bank/statements")).Refusal.ShouldBe("403 role_not_admitted");
        (await server.Send(null, "GET", "/v1/ops/bank/statements")).Status.ShouldBe(401);
        var key = await server.AsOperator("POST", "/v1/ops/keys", """{"role":"auditor"}""");
        var auditor = RequestSigner.Hmac(
            key["key_id"], Convert.FromBase64String(key["secret"]), TimeProvider.System);
        (await server.Send(auditor, "GET", "/v1/ops/bank/statements")).Refusal.ShouldBe("200");
        foreach (var of in new[] { "open", "lines" })
            (await server.Send(auditor, "GET", $"/v1/ops/bank/{of}?from=2026-11-25&to=2026-11-24")).Refusal
                .ShouldBe("400 parameter_invalid");
        (await server.Send(auditor, "POST", "/v1/ops/bank/match")).Refusal.ShouldBe("403 role_not_admitted");
    }

    /// <summary>A closed day: the channel's money for it, and what was paid out, in yuan.</summary>
    private async Task<(BusinessDay Day, (decimal Amount, string Reference) Money, decimal PaidOut)> ClosedDay()
    {
        var shop = await Shop.Open(server, "banked");
        var day = await server.Today();
        await shop.Paid("1", 1_234_567);
        await server.MoveClock(day.Next.Start.AddMinutes(90));
        (await server.AsOperator("POST", $"/v1/ops/days/{day}/close")).Refusal.ShouldBe("200");
        await server.CaughtUp();
        var expected = (await Ask($"open?from={day}&to={day.Next}")).Json.GetProperty("only_with_us")
            .EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!.Split(':')[0]);
        return (
            day,
            (Yuan(expected["funds"]), expected["funds"].GetProperty("reference").GetString()!),
            -Yuan(expected["settlement"]));

        static decimal Yuan(JsonElement one) => one.GetProperty("amount_minor").GetInt64() / 100m;
    }

    private async Task Mapped(string account) => (await server.AsOperator(
        "PUT", $"/v1/ops/bank/{account}/mapping",
        """
        {"date":"交易日期","date_format":"yyyy-MM-dd","encoding":"utf-8","separator":",","skip_lines":0,"in":"收入金额",
         "out":"支出金额","balance":"余额","reference":"流水号","note":"摘要","sheet":"明细"}
        """)).Refusal.ShouldBe("200");

    // A page of the bank's own, then the movements.
    private static byte[] Excel(params string[] rows) =>
        Spreadsheet.Of(("封面", ["中国工商银行"]), ("明细", ["账号：6222", Headings, .. rows]));

    private static string Serial(BusinessDay day) =>
        (day.Date.DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(CultureInfo.InvariantCulture);

    private Task<Answer> Ask(string path) => server.AsOperator("GET", $"/v1/ops/bank/{path}");

    private Task<Answer> Post(string path) => server.AsOperator("POST", $"/v1/ops/bank/{path}");

    private Task<Answer> Bring(string path, byte[] content, string query = "", string name = "s.xlsx") =>
        server.SendBytes(server.Operator, "POST", $"/v1/ops/bank/{path}?file_name={name}{query}", content);
}
