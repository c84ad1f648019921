using System.IO.Compression;
using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

/// <summary>What the channel says of a bill before it is downloaded.</summary>
public class BillLinkTests
{
    // The published vector for SHA-1.
    private const string Answer = """
        {"hash_type":"SHA1","hash_value":"6F9B9AF3CD6E8B8A73C2CDCED37FE9F59226E27D",
         "download_url":"https://api.mch.weixin.qq.com/v3/billdownload/file?token=xx","new_member":1}
        """;

    [Fact]
    public void A_file_is_taken_when_it_hashes_to_what_was_said_packed_or_plain()
    {
        var link = BillLink.Read(Encoding.UTF8.GetBytes(Answer)).ShouldNotBeNull();
        link.Path.ShouldBe("/v3/billdownload/file?token=xx");
        link.Unpacked("b", "message"u8.ToArray()).Content.ToArray().ShouldBe("message"u8.ToArray());
        link.Unpacked("b", Packed("message"u8)).Content.ToArray().ShouldBe("message"u8.ToArray());
    }

    [Theory]
    [InlineData("Message", "SHA1", "bill_hash_differs")]
    [InlineData("", "SHA1", "bill_hash_differs")]
    [InlineData("message", "MD5", "bill_hash_differs")]
    public void Another_file_is_refused(string text, string hashType, string code)
    {
        var link = BillLink.Read(Encoding.UTF8.GetBytes(Answer))! with { HashType = hashType };
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(text), Packed(Encoding.UTF8.GetBytes(text)) })
        {
            Should.Throw<BillRejectedException>(() => link.Unpacked("b.csv", bytes)).Message
                .ShouldStartWith($"b.csv:1:1: {code}: expected a file whose {hashType} is ");
        }
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_as_damaged() =>
        Should.Throw<BillRejectedException>(() => BillLink.Read(Encoding.UTF8.GetBytes(Answer))!.Unpacked(
            "b.csv", Packed("message"u8)[..^3])).Code.ShouldBe(BillRejection.BillContainerDamaged);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("<html></html>")]
    [InlineData("""{"hash_type":"SHA1","hash_value":null,"download_url":"https://x"}""")]
    [InlineData("""{"code":"NO_STATEMENT_EXIST","message":"账单文件不存在"}""")]
    public void What_is_no_such_answer_is_none(string json) =>
        BillLink.Read(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    private static byte[] Packed(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
