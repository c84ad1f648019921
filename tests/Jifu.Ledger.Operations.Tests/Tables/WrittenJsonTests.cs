using System.Text;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

/// <summary>What people are told about a JSON file that they have written.</summary>
public class WrittenJsonTests
{
    [Fact]
    public void What_cannot_be_read_is_told_with_its_place_and_what_is_expected() => string.Concat(new[]
    {
        "", "[]", "{", "{\"kind\"", "{\"kind\" \"group\"}", "{\"kind\": }", "{\"kind\": group}",
        "{\n  \"kind\": \"group\"\n  \"one\": 1}", "{\"类型\": \"规则\", kind: 1}", "{\"a\": [1 2]}", "{\"a\": [,]}",
        "{\"a\": 01}", "{\"a\": \"never closed\n}", "{\"a\": 1} and more", "{\"a\": {\"b\": [1, {\"c\": tru}]}}",
        "\u00ff",
    }.Select(text => $"{text.ReplaceLineEndings("⏎")}\n  {Fault(Encoding.UTF8.GetBytes(text))}\n"))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Each_member_is_found_again_by_its_path()
    {
        var written = WrittenJson.Read(
            "rule.json", [0xEF, 0xBB, 0xBF, .. "{ // mine\n  \"名\": 1, \"many\": {\"key\": [1,\n {\"x\": 2},]},\n}"u8]);
        written.PlaceOf("$.many").ShouldBe("rule.json:2:11");
        written.PlaceOf("$.many.key").ShouldBe("rule.json:2:20");
        written.PlaceOf("$.many.key[1].x").ShouldBe("rule.json:3:3");
        written.PlaceOf("$.many.missing.deeper").ShouldBe("rule.json:2:11");
        written.PlaceOf("$.missing").ShouldBe("rule.json:1:1");
        written.Value().GetProperty("many").GetProperty("key").GetArrayLength().ShouldBe(2);
        Fault([0x7B, 0xFF, 0x7D]).ShouldBe("rule.json: a text in UTF-8 is expected.");
    }

    private static string Fault(byte[] content) =>
        Should.Throw<InvalidDataException>(() => WrittenJson.Read("rule.json", content)).Message;
}
