using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Differences;

namespace Jifu.Ledger.Cli.Tests.Differences;

public sealed class DifferencePrintTests
{
    [Fact]
    public void What_is_held_names_its_owner_and_day_and_what_comes_next()
    {
        var one = JsonNode.Parse("""
            {"status": "held", "closing": {"by": "people", "remedy": {"action": "hold", "owner": "li", "due":
            "2026-12-01"}}, "suggestion": {"action": "write_off", "code": "held_too_little", "reason": "已挂账"}}
            """)!;

        DifferencePrint.Status(one).ShouldBe("held: li until 2026-12-01");
        DifferencePrint.Suggested(one).ShouldBe("write_off: held_too_little");
        DifferencePrint.Ended(one).ShouldBe("held");
        one["status"] = "closed";
        DifferencePrint.Ended(one).ShouldBe("closed");
    }
}
