namespace Jifu.Ledger.Cli.Tests;

/// <summary>What cannot be understood is refused with code 2, and never believed.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("reconcile --channel wechatpay --bill nope.csv --orders nope.csv --out x")]
    [InlineData("reconcile --channel nope --day 2026-11-20")]
    [InlineData("reconcile --day yesterday")]
    [InlineData("reconcile")]
    [InlineData("reconcile --bill . --orders .")]
    [InlineData("bill show .")]
    [InlineData("differences import jifu.dll")]
    [InlineData("day --payments many")]
    [InlineData("views show payment --limit many")]
    [InlineData("differences list --status nonsense")]
    [InlineData("differences --status nonsense")]
    [InlineData("differences nonsense")]
    [InlineData("differences list --class nonsense")]
    [InlineData("differences list --channel nonsense")]
    [InlineData("differences export --out open.txt")]
    [InlineData("differences export --out open.csv --as-of 2026-11-20")]
    [InlineData("money statement jifu.dll --account a --mapping jifu.dll")]
    [InlineData("money preview jifu.dll --account a --mapping jifu.dll")]
    public void What_cannot_be_understood_is_refused(string line) =>
        typeof(ExitCodes).Assembly.EntryPoint!.Invoke(null, [line.Split(' ')]).ShouldBe(ExitCodes.Usage);
}
