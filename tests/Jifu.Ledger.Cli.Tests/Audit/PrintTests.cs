using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Tests.Audit;

/// <summary>What auditors read, as it stands on their screen.</summary>
public class PrintTests
{
    private const string Paid = """
        {"position":12345,"stream":"payment-p2a91","version":3,"event_id":"00000000-0000-0000-0000-000000000007",
         "type":"payment.succeeded","recorded_at":"2026-11-21T18:00:00.123456+08:00",
         "actor":"key:mk_01a1fdc5618770e1ade9bbb154b940b1","correlation_id":"c-1","payload":{"merchant":"茶馆",
         "channel":"WeChatPay","amount":{"minor_units":123456,"currency":"CNY"},
         "fee":{"minor_units":0,"currency":"CNY"},"cost":{"minor_units":20,"currency":"CNY"},
         "channel_reference":"4200001","paid_at":"2026-11-21T18:00:00+08:00",
         "day":"2026-11-21"},"entry":{"rule":"payment_succeeded","day":"2026-11-21","lines":[
         {"account":"channel_receivable:wechatpay","amount":123456,"currency":"CNY"},
         {"account":"merchant_pending:茶馆","amount":-123456,"currency":"CNY"}]}}
        """;

    private const string Steering = """
        {"position":12346,"stream":"payment-p2a91","version":4,"event_id":"00000000-0000-0000-0000-000000000008",
         "type":"payment.refund_requested","recorded_at":"2026-11-22T00:00:00+08:00","actor":"key:op_1",
         "correlation_id":"c-2","payload":{"refund":"R-1","reason":"\u001b[31m红\u0007色\u202e","amount":
         {"minor_units":5,"currency":"JPY"},"shares":[{"receiver":"agent"}],"terms":{"deep":{"deeper":{"deepest":1}}},
         "day":"2026-11-21"}}
        """;

    private const string Strange = """
        {"position":12347,"stream":"payment-x","version":0,"event_id":"00000000-0000-0000-0000-000000000009",
         "type":"payment.unheard_of","recorded_at":"2026-11-22T00:00:00+08:00","actor":"test","correlation_id":"c",
         "payload_base64":"//4=","trouble":"this program does not know that type of event."}
        """;

    [Fact]
    public void An_event_has_two_lines_and_says_who_and_how_much() =>
        Printed(null, false, Paid, Steering, Strange).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_narrow_terminal_cuts_by_cells_and_not_by_characters() =>
        Printed(64, false, Paid, Steering).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void In_full_it_shows_its_payload_and_what_it_posts() =>
        Printed(null, true, Paid).ShouldMatchApproved(o => o.NoDiff());

    [Theory]
    [InlineData("茶馆 Tea", 12, "茶馆 Tea")]
    [InlineData("茶馆 Tea", 6, "茶馆 …")]
    [InlineData("茶馆 Tea", 4, "茶…")]
    [InlineData("茶馆 Tea", 3, "茶…")]
    public void A_Chinese_character_takes_two_cells(string text, int cells, string cut)
    {
        Ink.Cut(text, cells).ShouldBe(cut);
        Ink.Width(Ink.Cut(text, cells)).ShouldBeLessThanOrEqualTo(cells);
        Ink.Width(Ink.Left(text, 20)).ShouldBe(20);
    }

    [Fact]
    public void A_read_model_is_a_table_where_it_fits_and_blocks_where_it_does_not()
    {
        var (wide, narrow) = (Table(120), Table(40));
        $"{wide}\n{narrow}".ShouldMatchApproved(o => o.NoDiff());

        static string Table(int width) => Shown(output => new ViewTable(output, new(false), width));
    }

    [Fact]
    public void In_CSV_text_is_never_a_formula_and_amounts_are_minor_units() =>
        Shown(output => new ViewCsv(output)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void In_JSON_it_is_one_document()
    {
        var document = JsonNode.Parse(Shown(output => new ViewJson(output)))!;
        document["rows"]!.AsArray().Count.ShouldBe(2);
        document["as_of"]!.GetValue<long>().ShouldBe(7);
        document["more"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static string Printed(int? width, bool full, params string[] events)
    {
        using var text = new StringWriter();
        var print = new EventPrint(text, new(false), width, full);
        foreach (var one in events)
            print.Write(JsonNode.Parse(one)!);
        return text.ToString();
    }

    private static string Shown(Func<TextWriter, IViewOutput> make)
    {
        using var text = new StringWriter();
        var output = make(text);
        output.Begin(JsonNode.Parse("""
            {"name":"refund","as_of":7,"columns":[{"name":"refund_no","type":"text","key":true},
             {"name":"currency","type":"text","key":false},{"name":"amount_minor","type":"bigint","key":false},
             {"name":"reason","type":"text","key":false},
             {"name":"at","type":"timestamp with time zone","key":false}]}
            """)!);
        output.Row(JsonNode.Parse("""
            {"refund_no":"r1","currency":"CNY","amount_minor":123456,"reason":"=HYPERLINK(\"x\"), 太冷","at":null}
            """)!.AsObject());
        output.Row(JsonNode.Parse("""
            {"refund_no":"r2","currency":"JPY","amount_minor":-5,"reason":"退货","at":"2026-11-21T18:00:00.1+08:00"}
            """)!.AsObject());
        output.End(more: true);
        return text.ToString();
    }
}
