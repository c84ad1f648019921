using System.Text;
using Jifu.Ledger.Server.Tests.Notices;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>A day's bill, and everything that may be wrong with a file that somebody brings instead.</summary>
public class BillImportTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private const string OurNumber = "1900000109";

    [Fact]
    public async Task A_bill_that_may_not_be_used_is_refused_with_its_place_and_leaves_nothing_behind()
    {
        var (day, bill) = await DayWithBill();
        var head = await server.Head();
        var lines = bill.Split("\r\n");
        var first = 1 + Array.FindIndex(lines, line => line.Contains("`10.00", StringComparison.Ordinal));
        await Refused(string.Join("\r\n", lines[..2]), "bill_truncated", 2);
        await Refused(bill[..(bill.Length / 2)], "bill_truncated");
        await Refused(bill.Replace(OurNumber, "1900000110", StringComparison.Ordinal), "bill_merchant_differs", 2);
        await Refused(bill.Replace($"`{day} ", $"`{day.Previous} ", StringComparison.Ordinal), "bill_day_differs", 2);
        await Refused(bill.Replace("`10.00", "`10.01", StringComparison.Ordinal), "bill_totals_differ");
        await Refused(string.Join("\r\n", lines[..1].Concat(lines[2..])), "bill_totals_differ");
        await Refused(bill.Replace("`10.00", "`10.005", StringComparison.Ordinal), "bill_amount_malformed", first);
        await Refused(bill.Replace("`CNY", "`USD", StringComparison.Ordinal), "bill_currency_unknown", 2);
        await Refused(bill.Replace("商户订单号", "订单号", StringComparison.Ordinal), "bill_header_unknown", 1);
        await Refused(bill + lines[1], "bill_data_after_summary");
        await Refused("", "bill_empty", 1);
        await Refused("<html></html>", "bill_header_unknown", 1);
        (await Import(day, Encoding.Unicode.GetBytes(bill))).Refusal.ShouldBe("422 bill_encoding_unknown");
        await TheChannelsOwnIsRefused(day, bill);
        (await server.AsSuperuser<long>("SELECT count(*) FROM files.bill")).ShouldBe(0);
        (await server.Head()).ShouldBe(head);

        // The true one is taken; once.
        var done = await Import(day, Encoding.UTF8.GetBytes(bill));
        (done.Number("matched"), done.Number("differences")).ShouldBe((3, 0));
        done.Json.GetProperty("completed").GetBoolean().ShouldBeTrue();
        head = await server.Head();
        (await Import(day, Encoding.UTF8.GetBytes(bill))).Number("matched").ShouldBe(3);
        (await Import(day, Encoding.UTF8.GetBytes(bill + "\r\n"))).Refusal.ShouldBe("409 bill_already_imported");
        (await server.Head()).ShouldBe(head);

        async Task Refused(string text, string code, int? line = null)
        {
            text.ShouldNotBe(bill);
            var answer = await Import(day, Encoding.UTF8.GetBytes(text));
            answer.Refusal.ShouldBe($"422 {code}");
            answer["detail"].ShouldMatch($"bill.csv:{line?.ToString("0") ?? "[0-9]+"}:[0-9]+: {code}: expected .+");
        }
    }

    [Fact]
    public async Task A_bill_of_no_day_or_channel_of_ours_is_refused()
    {
        var today = await server.Today();
        (await Import(today, "x"u8.ToArray())).Refusal.ShouldBe("409 bill_day_not_over");
        (await Bring("cash", $"{today.Previous}")).Refusal.ShouldBe("400 parameter_invalid");
        (await Bring("sandbox", "2026-02-30")).Refusal.ShouldBe("400 parameter_invalid");
        (await Bring("alipay", $"{today.Previous}")).Refusal.ShouldStartWith("422 bill_");
        (await Bring("wechatpay", $"{today.Previous}")).Refusal.ShouldStartWith("422 bill_");
        (await server.AsOperator(
            "POST", "/v1/ops/reconciliations", $$"""{"channel":"wechatpay","day":"{{today.Previous}}"}"""))
            .Refusal.ShouldBe("503 channel_not_available");
        (await server.AsOperator(
            "POST", "/v1/ops/reconciliations", $$"""{"channel":"sandbox","day":"{{today}}"}"""))
            .Refusal.ShouldBe("409 bill_not_ready");
    }

    [Fact]
    public async Task That_a_channel_has_no_bill_is_said_with_a_reason_and_of_a_day_that_is_over()
    {
        var today = await server.Today();
        // Of before anybody here traded: other tests bring bills of other days.
        var quiet = new BusinessDay(new(2020, 1, 1));
        (await Nothing("sandbox", today, "asked at ten")).Refusal.ShouldBe("409 bill_day_not_over");
        (await Nothing("sandbox", quiet, "")).Refusal.ShouldBe("422 no_bill_reason_missing");
        (await Nothing("cash", quiet, "asked at ten")).Refusal.ShouldBe("400 parameter_invalid");
        (await Nothing("sandbox", quiet, new('x', 201))).Refusal.ShouldBe("400 parameter_invalid");
        (await Nothing("sandbox", quiet, "asked at ten")).Refusal.ShouldBe("200");

        Task<Answer> Nothing(string channel, BusinessDay day, string reason) => server.AsOperator(
            "POST", $"/v1/ops/reconciliations/{channel}/{day}/no-bill?reason={Uri.EscapeDataString(reason)}");
    }

    // Three rows: two payments, the first of 10 yuan, and a refund.
    private async Task<(BusinessDay Day, string Bill)> DayWithBill()
    {
        var shop = await Shop.Open(server, "billed");
        var day = await server.Today();
        var paid = await shop.Paid("1", 1_000);
        await shop.Paid("2", 12_345);
        (await shop.Refund(paid, "r1", 300))["status"].ShouldBe("succeeded");
        await server.MoveClock(day.Next.Start.AddMinutes(90));
        await server.CaughtUp();
        var bill = await new ChannelVoice(server).Ask($"/sandbox/v3/bills/{day}");
        bill.Status.ShouldBe(200);
        return (day, Encoding.UTF8.GetString(bill.Content));
    }

    private Task<Answer> Import(BusinessDay day, byte[] content) => Bring("sandbox", $"{day}", content);

    private Task<Answer> Bring(string channel, string day, byte[]? content = null) => server.SendBytes(
        server.Operator, "POST", $"/v1/ops/reconciliations/{channel}/{day}/bill?file_name=bill.csv",
        content ?? "x"u8.ToArray());

    // The channel gives the same bytes each time; so somebody cuts them off where it keeps them.
    private async Task TheChannelsOwnIsRefused(BusinessDay day, string bill)
    {
        const string Change = "UPDATE sandbox.bill SET content = @content RETURNING day";
        await server.AsSuperuser<object>(Change, new { content = Encoding.UTF8.GetBytes(bill[..^20]) });
        (await server.AsOperator(
            "POST", "/v1/ops/reconciliations", $$"""{"channel":"sandbox","day":"{{day}}"}"""))
            .Refusal.ShouldBe("422 bill_truncated");
        await server.AsSuperuser<object>(Change, new { content = Encoding.UTF8.GetBytes(bill) });
    }
}
