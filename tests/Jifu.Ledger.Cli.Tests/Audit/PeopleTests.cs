using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Tests.Audit;

public class PeopleTests
{
    private const string Mei = "key:op_0123456789abcdef0123456789abcdef";
    private const string Nobody = "key:op_ffffffffffffffffffffffffffffffff";

    [Fact]
    public void A_key_with_a_name_is_shown_by_it_wherever_it_stands()
    {
        var people = People.Of((Mei, "王梅 \"Mei\""));
        var told = people.Named(JsonNode.Parse(
            $$"""{"by":"{{Mei}}","list":[{"former":"approved by {{Mei}}, not by {{Nobody}}"}],"amount":3}""")!);
        told.Text("by").ShouldBe("王梅 \"Mei\" (…abcdef)");
        told["list"]![0]!.Text("former").ShouldBe($"approved by 王梅 \"Mei\" (…abcdef), not by {Nobody}");
        told.Number("amount").ShouldBe(3);
        people.Named("merchant:m1").ShouldBe("merchant:m1");
    }

    [Fact]
    public void Without_names_an_answer_stays_as_it_is()
    {
        var answer = JsonNode.Parse($$"""{"by":"{{Mei}}"}""")!;
        People.Of().Named(answer).ShouldBeSameAs(answer);
    }
}
