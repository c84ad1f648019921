using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Grpc;

public class GrpcTextTests
{
    [Theory]
    [InlineData("plain text, as it is", "plain text, as it is")]
    [InlineData("100% 账\n", "100%25 %E8%B4%A6%0A")]
    public void Messages_are_percent_encoded_and_read_back(string text, string encoded)
    {
        GrpcText.Encode(text).ShouldBe(encoded);
        GrpcText.Decode(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("50% off", "50% off")]
    [InlineData("ends in %4", "ends in %4")]
    [InlineData("not encoded: 账", "not encoded: 账")]
    public void A_message_that_is_wrongly_encoded_is_kept(string encoded, string text) =>
        GrpcText.Decode(encoded).ShouldBe(text);

    [Fact]
    public void Bytes_are_read_with_and_without_padding()
    {
        byte[] bytes = [1, 2, 3, 4];
        GrpcText.EncodeBytes(bytes).ShouldBe("AQIDBA");
        GrpcText.DecodeBytes("AQIDBA").ShouldBe(bytes);
        GrpcText.DecodeBytes("AQIDBA==").ShouldBe(bytes);
    }

    [Theory]
    [InlineData(0, "0u")]
    [InlineData(1.5, "1500000u")]
    [InlineData(100, "100000m")]
    [InlineData(360_000, "360000S")]
    public void Timeouts_are_sent_in_the_finest_unit_that_fits(double seconds, string text)
    {
        GrpcText.EncodeTimeout(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
        GrpcText.DecodeTimeout(text).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("5d")]
    [InlineData("123456789S")]
    public void What_is_no_timeout_is_none(string? text) => GrpcText.DecodeTimeout(text).ShouldBeNull();

    [Fact]
    public void Ids_travel_as_text_or_as_two_numbers()
    {
        var id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        id.ToText().String.ShouldBe("00112233-4455-6677-8899-aabbccddeeff");
        id.ToStructured().Structured.MostSignificantBits.ShouldBe(0x0011223344556677);
        id.ToText().ToGuid().ShouldBe(id);
        id.ToStructured().ToGuid().ShouldBe(id);
        Should.Throw<GrpcException>(() => new UUID { String = "no id" }.ToGuid()).Code.ShouldBe(Code.InvalidArgument);
        Should.Throw<GrpcException>(() => default(UUID).ToGuid()).Code.ShouldBe(Code.InvalidArgument);
    }
}
