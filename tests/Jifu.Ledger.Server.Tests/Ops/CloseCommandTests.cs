using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary><c>jifu close</c> as scripts call it.</summary>
[Collection("server")]
public class CloseCommandTests(ServerUnderTest server)
{
    [Fact]
    public async Task Why_a_day_stays_open_stands_on_standard_error_too()
    {
        var (code, said, errors) = await JifuCommand.Run(server.Home, "close", "--day", "2030-01-01");
        code.ShouldBe(1);
        var refusal = JsonDocument.Parse(said).RootElement.GetProperty("clearings")[0].GetProperty("refusal");
        errors.ShouldContain($"{refusal.GetProperty("code")}: ");
        errors.ShouldContain($"{refusal.GetProperty("detail")}");
    }
}
