using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Tests.Audit;

/// <summary>That what is told of an account comes to its balance.</summary>
public class StoryTieTests
{
    private const string Told = """
        {"currencies":[{"currency":"CNY","opening":5,"closing":12,"balance":12,"lines":2,
        "rules":[{"change":10},{"change":-3}]}]}
        """;

    [Theory]
    [InlineData(Told, "10 15", "-3 12")]
    public void Opening_rules_lines_and_balance_that_agree_are_fine(string why, params string[] lines) =>
        Tie(why, lines);

    [Theory]
    [InlineData("\"balance\":12", "\"balance\":13", "10 15", "-3 12")]
    [InlineData("\"opening\":5", "\"opening\":6", "10 15", "-3 12")]
    [InlineData("\"change\":10", "\"change\":11", "10 15", "-3 12")]
    [InlineData("", "", "10 15")]
    [InlineData("", "")]
    [InlineData("", "", "10 15", "-3 13")]
    [InlineData("", "", "10 10", "-3 7")]
    [InlineData("", "", "7 12")]
    public void What_does_not_is_told(string was, string becomes, params string[] lines) =>
        Should.Throw<CommandFailedException>(
            () => Tie(was.Length == 0 ? Told : Told.Replace(was, becomes, StringComparison.Ordinal), lines))
            .ExitCode.ShouldBe(ExitCodes.Wrong);

    [Fact]
    public void It_is_told_in_yuan_as_everywhere() =>
        Should.Throw<CommandFailedException>(() => Tie(
            Told.Replace("\"balance\":12", "\"balance\":1300", StringComparison.Ordinal), [])).Message
            .ShouldBe("CNY: the journal comes to 0.12, the balance says 13.00.");

    private static void Tie(string why, string[] lines)
    {
        var tie = new StoryTie(JsonNode.Parse(why)!);
        foreach (var line in lines.Select(line => line.Split(' ')))
            tie.Take(JsonNode.Parse(
                $$"""{"currency":"CNY","position":1,"change":{{line[0]}},"balance":{{line[1]}}}""")!);
        tie.End();
    }
}
