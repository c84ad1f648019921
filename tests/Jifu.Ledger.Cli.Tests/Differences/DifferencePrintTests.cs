using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Differences;

namespace Jifu.Ledger.Cli.Tests.Differences;

public sealed class DifferencePrintTests
{
    [Fact]
    public void What_is_held_names_its_owner_and_day_and_suggests_nothing()
    {
        var one = JsonNode.Parse("""
            {"status": "held", "closing": {"by": "people", "remedy": {"action": "hold", "owner": "li", "due":
            "2026-12-01"}}, "suggestion": {"action": "write_off", "code": "small", "reason": "小额"}}
            """)!;

        DifferencePrint.Status(one).ShouldBe("held: li until 2026-12-01");
        DifferencePrint.Suggested(one).ShouldBeEmpty();
    }
}
