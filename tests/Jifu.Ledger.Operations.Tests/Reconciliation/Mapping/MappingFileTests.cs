using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>What people are told about a mapping file that they have written.</summary>
public sealed class MappingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-mapping-").FullName;

    [Theory]
    [InlineData("", "m.json:1:1: an object in braces, { … }, is expected, not the end of the file.")]
    [InlineData("{\"number\": \"a\" \"amount\": \"b\"}",
        "m.json:1:16: a comma and a name in double quotes with a colon, or } is expected, not '\"amount\": \"b…'.")]
    [InlineData("{\"number\": \"a\"}", "m.json:1:1: amount: a text in double quotes is missing.")]
    [InlineData("{\"number\": \"a\",\n  \"amount\": 12}",
        "m.json:2:3: amount: a text in double quotes is expected, not 12.")]
    [InlineData("{\"number\": \"a\", \"number\": \"b\"}", "m.json:1:2: number: it stands there twice.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\",\n \"betrag\": 1}",
        "m.json:2:2: betrag: one of number, refund_number, refunded, amount, unit, kind, payment_words, refund_words, "
        + "revoke_words, negative_refunds, fee, negative_fees, positive_refund_fees, status, success_words, "
        + "not_done_words, at, reference, merchant, encoding, separator is expected, not this.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\", // mine\n \"unit\": \"jiao\"}",
        "m.json:2:2: unit: yuan or fen is expected, not jiao.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\", \"negative_refunds\": \"yes\"}",
        "m.json:1:32: negative_refunds: true or false is expected, not \"yes\".")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\",\n \"refund_words\": [\"退款\", 7]}",
        "m.json:2:25: refund_words[1]: a text in double quotes is expected, not 7.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\", \"refund_words\": \"退款\"}",
        "m.json:1:32: refund_words: texts in brackets are expected, not \"退款\".")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\", \"separator\": \"||\"}",
        "m.json:1:32: separator: one character is expected.")]
    [InlineData(
        "{\"number\": \"a\", \"amount\": \"b\", \"payment_words\": [\"收\"],\n \"refund_words\": [\"退\", \"收\"]}",
        "m.json:2:2: refund_words: 收 stands in payment_words, too.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\", \"payment_words\": [\"退款\"]}",
        "m.json:1:32: payment_words: 退款 stands in refund_words, too, which are refund, 退款, REFUND unless it says "
        + "others.")]
    [InlineData("{\"number\": \"a\", \"amount\": \"b\",\n \"not_done_words\": [\"关闭\", \"成功\"]}",
        "m.json:2:2: not_done_words: 成功 stands in success_words, too, which are success, SUCCESS, succeeded, 成功, "
        + "支付成功, 已支付, 退款成功 unless it says others.")]
    public void A_wrong_file_is_told_with_its_place_in_our_words(string json, string message)
    {
        var path = Path.Combine(_folder, "m.json");
        File.WriteAllText(path, json);
        Should.Throw<InvalidDataException>(() => MappingFile.Read(path)).Message.ShouldBe(message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
