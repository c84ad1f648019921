namespace Jifu.Ledger.EventLog.Tests;

public class ForeignEventTests
{
    [Theory]
    [InlineData("ext.shop-1", "ext.sold")]
    [InlineData("ext.shop-1", "payment.succeeded")]
    public void What_stands_in_another_programs_stream_is_foreign_whatever_it_is_called(string stream, string type) =>
        LedgerEvents.Codec.Decode(Event(stream, type)).ShouldBe(new ForeignEvent(type));

    [Theory]
    [InlineData("payment-1", "ext.sold")]
    [InlineData("extra-1", "ext.sold")]
    [InlineData("loan-1", "loan.granted")]
    public void An_unknown_type_in_any_other_stream_is_never_passed_over(string stream, string type) =>
        Should.Throw<UnknownEventTypeException>(() => LedgerEvents.Codec.Decode(Event(stream, type)));

    [Fact]
    public void What_no_ledger_can_have_written_is_passed_over_in_another_programs_stream_only()
    {
        LedgerEvents.Codec.Decode(Event("ext.shop-1", "x") with { Unreadable = "odd" }).ShouldBe(new ForeignEvent("x"));
        Should.Throw<InvalidDataException>(() => LedgerEvents.Codec.Decode(
            Event("payment-1", "payment.succeeded") with { Unreadable = "odd" })).Message.ShouldEndWith("odd");
    }

    private static RecordedEvent Event(string stream, string type) => new(
        0, StreamName.Parse(stream), 0, default, type, "{}"u8.ToArray(), new("key", "request"), default);
}
