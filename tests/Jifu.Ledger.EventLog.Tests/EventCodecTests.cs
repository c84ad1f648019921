using System.Text;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.Domain.Tests;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.EventLog.Tests;

public class EventCodecTests
{
    private static readonly EventCodec Codec = new(
        ("payment", typeof(PaymentEvent)), ("merchant", typeof(MerchantEvent)), ("risklist", typeof(RiskListEvent)),
        ("clearing", typeof(ClearingEvent)), ("settlement", typeof(SettlementEvent)),
        ("reconciliation", typeof(ReconciliationEvent)));

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, 500, BusinessDay.Offset);

    private static readonly ChannelTerms Terms = new(Channel.WeChatPay, new(2_000), FeeOnRefund.Kept);

    private static readonly PaymentEvent.Created Created = new(
        new(new("m-8"), "订单 1", Cny(100_00), Channel.WeChatPay, PaymentProduct.Native, "一杯 <咖啡>", null, null,
            "https://shop.example/notify", [new SplitRule(new("r-1"), SplitBasis.Rate, 5_000)]),
        new(FeeQuote.For(Cny(100_00), new(6_000), FeeOnRefund.Returned, Terms),
            [new SplitShare(new("r-1"), Cny(50))], BusinessDay.Of(Noon)),
        Noon);

    [Fact]
    public void The_bytes_of_an_event_are_these() =>
        Encoding.UTF8.GetString(Codec.Write(Created)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void The_names_of_all_events_are_these() =>
        string.Join('\n', Codec.TypeNames).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        Read(Created).ShouldBe(Created);
        var cleared = new ClearingEvent.MerchantCleared(
            new("b-1"), Channel.Alipay, BusinessDay.Of(Noon), SettlementTerm.T1,
            new(new("m-8"), 1, 0, Cny(1), Cny(2), Cny(-3), Cny(4), Cny(-5)), Noon);
        Read(cleared).ShouldBe(cleared);
        var judged = new PaymentEvent.Judged(new(false, [new RuleResult("limit", RuleVerdict.Refuse, "9 > 8")]));
        Read(judged).ShouldBe(judged);
    }

    [Fact]
    public void What_reads_an_event_may_be_made_by_several_threads_at_once()
    {
        var events = EventExamples.All.Select(@event => (Event: @event, Bytes: LedgerEvents.Codec.Write(@event)))
            .ToList();
        Parallel.ForEach(events.Concat(events).Concat(events), new() { MaxDegreeOfParallelism = 16 }, written =>
        {
            // Nothing is said where the strict reader is to be asked.
            if (CanonicalJson.For(written.Event.GetType())?.Invoke(written.Bytes) is { } read)
                read.ShouldBe(written.Event);
        });
    }

    [Theory]
    [InlineData("""{"at":"2026-11-20T12:00:00+08:00","more":1}""")]
    [InlineData("""{"at":"2026-11-20T12:00:00+08:00","at":"2026-11-20T12:00:00+08:00"}""")]
    [InlineData("""{"At":"2026-11-20T12:00:00+08:00"}""")]
    [InlineData("""{"at":null}""")]
    [InlineData("""{"at":"yesterday"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"at":"2026-11-20T12:00:00+08:00"} """ + "x")]
    public void A_payload_that_is_not_exactly_of_the_type_is_refused(string json) =>
        Should.Throw<InvalidDataException>(() => Codec.Decode(Stored("payment.closed", json)))
            .Message.ShouldStartWith("Event 41 in stream payment-p1 of type payment.closed");

    [Theory]
    [InlineData("""{"amount":{"minor_units":1},"currency":"CNY"}""")]
    [InlineData("""{"minor_units":1}""")]
    [InlineData("""{"currency":"CNY"}""")]
    [InlineData("""{"minor_units":1,"currency":156}""")]
    [InlineData("""{"minor_units":1,"currency":"XXX"}""")]
    [InlineData("""{"minor_units":1.5,"currency":"CNY"}""")]
    [InlineData("""{"minor_units":9223372036854775808,"currency":"CNY"}""")]
    [InlineData("""{"minor_units":"1","currency":"CNY"}""")]
    [InlineData("null")]
    public void Money_is_an_integer_and_a_known_currency(string money) =>
        Should.Throw<InvalidDataException>(() => Codec.Decode(Stored("reconciliation.carried", $$"""
            {"channel":"Alipay","day":"2026-11-20","key":"k","amount":{{money}},"side":"ours"}
            """)));

    [Theory]
    [InlineData("\"2026-11-31\"")]
    [InlineData("\"2026-11-20T00:00:00Z\"")]
    [InlineData("20261120")]
    public void A_business_day_is_a_calendar_day(string day) =>
        Should.Throw<InvalidDataException>(() => Codec.Decode(Stored("reconciliation.carried_met", $$"""
            {"channel":"Alipay","day":{{day}},"key":"k"}
            """)));

    [Fact]
    public void An_unknown_type_stops_the_reader_and_says_where()
    {
        var e = Should.Throw<UnknownEventTypeException>(() => Codec.Decode(Stored("payment.teleported", "{}")));
        (e.Position, e.Stream, e.Type).ShouldBe((41, new("payment", "p1"), "payment.teleported"));
        e.Message.ShouldBe("Event 41 in stream payment-p1 of type payment.teleported: "
            + "this program does not know that type of event.");
    }

    [Fact]
    public void An_event_of_another_hierarchy_is_not_taken_for_one() => Should.Throw<InvalidDataException>(
        () => Codec.Decode<MerchantEvent>(Stored("payment.closed", """{"at":"2026-11-20T12:00:00+08:00"}""")));

    [Fact]
    public void Two_hierarchies_cannot_share_a_category() => Should.Throw<ArgumentException>(
        () => new EventCodec(("a", typeof(PaymentEvent)), ("a", typeof(PaymentEvent))));

    [Fact]
    public void Ids_are_strings_also_as_keys_and_an_empty_one_is_refused()
    {
        var shares = new Dictionary<MerchantId, ReceiverId> { [new("m-1")] = new("r-1") };
        var json = System.Text.Json.JsonSerializer.Serialize(shares, EventJson.Options);
        json.ShouldBe("""{"m-1":"r-1"}""");
        System.Text.Json.JsonSerializer.Deserialize<Dictionary<MerchantId, ReceiverId>>(json, EventJson.Options)
            .ShouldBe(shares);
        Should.Throw<System.Text.Json.JsonException>(
            () => System.Text.Json.JsonSerializer.Serialize(default(MerchantId), EventJson.Options));
    }

    private static object Read(object @event) =>
        Codec.Decode(Stored(Codec.TypeName(@event.GetType()), Encoding.UTF8.GetString(Codec.Write(@event))));

    private static RecordedEvent Stored(string type, string json) =>
        new(41, new("payment", "p1"), 3, Guid.Empty, type, Encoding.UTF8.GetBytes(json), new("a", "c"), Noon);

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
