using System.CommandLine;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Differences;
using Jifu.Ledger.Cli.Money;
using Jifu.Ledger.Cli.Ops;
using Jifu.Ledger.Cli.Projections;
using Jifu.Ledger.Cli.Reconcile;

namespace Jifu.Ledger.Cli.Tests;

/// <summary>What cannot be understood is refused with code 2, and never believed.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("reconcile --channel wechatpay --bill nope.csv --orders nope.csv --out x")]
    [InlineData("reconcile --channel nope --day 2026-11-20")]
    [InlineData("reconcile --day yesterday")]
    [InlineData("reconcile --day 2026-11-20 --no-bill")]
    [InlineData("reconcile --day 2026-11-20 --no-bill --bill jifu.dll --reason none")]
    [InlineData("reconcile")]
    [InlineData("reconcile --bill . --orders .")]
    [InlineData("bill show .")]
    [InlineData("differences import jifu.dll")]
    [InlineData("differences approve")]
    [InlineData("differences approve d1")]
    [InlineData("differences approve d1 --proposal 1 --file jifu.dll")]
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
    public void What_cannot_be_understood_is_refused(string line) => Run(line).ShouldBe(ExitCodes.Usage);

    [Theory]
    [InlineData("audit export --out x.zip --from abc --to 10", "--from: 'abc' is no position")]
    [InlineData("audit export --out x.zip --from 2026-11-21 --to 10", "--from: '2026-11-21' is no position")]
    [InlineData("audit export --out x.zip --to -5", "--to: '-5' is no position")]
    [InlineData("audit export --out jifu.dll --all", "jifu.dll is there already.")]
    [InlineData("events --last 99999999999", "--last: '99999999999' is no whole number of at most 2,147,483,647.")]
    [InlineData("audit checkpoints --last many", "--last: 'many' is no whole number")]
    [InlineData("moneys", "'moneys' was not matched. Did you mean one of the following?\nmoney\n")]
    [InlineData("events --strem payment-p1", "Unrecognized command or argument '--strem'.\n")]
    public void What_is_wrong_is_said_with_the_option_and_without_types_of_ours(string line, string said)
    {
        var (output, errors, console) = (new StringWriter(), new StringWriter(), (Console.Out, Console.Error));
        Console.SetOut(TextWriter.Synchronized(output));
        Console.SetError(TextWriter.Synchronized(errors));
        try
        {
            Run(line).ShouldBe(ExitCodes.Usage);
        }
        finally
        {
            Console.SetOut(console.Out);
            Console.SetError(console.Error);
        }

        // Whoever reads the answer of a program gets no help in its place.
        $"{output}".ShouldBeEmpty();
        $"{errors}".ShouldContain(said);
        $"{errors}".ShouldNotContain("System.");
    }

    [Theory]
    [InlineData("--tolerate-fee -3")]
    [InlineData("--tolerate-amount -1")]
    [InlineData("--mapping MAPPING --map kind=类型")]
    public void What_would_have_no_effect_is_refused(string options)
    {
        var mapping = Path.GetTempFileName();
        File.WriteAllText(
            mapping, "{\"number\": \"订单编号\", \"amount\": \"订单金额(元)\", \"encoding\": \"gb18030\"}");
        string[] line =
        [
            "reconcile", "--bill", Example("wechatpay-bill.csv"), "--orders", Example("orders.csv"), "--yes",
            .. options.Replace("MAPPING", mapping, StringComparison.Ordinal).Split(' '),
        ];
        Run(line).ShouldBe(ExitCodes.Usage);
        File.Delete(mapping);
    }

    // Of those who must not be one person, each signs with a key of their own.
    [Theory]
    [InlineData("money statement jifu.dll --account icbc")]
    [InlineData("money preview jifu.dll --account icbc")]
    [InlineData("money match")]
    [InlineData("money confirm 1 --account icbc --to funds:wechatpay:2026-11-20")]
    [InlineData("money unmatch 1 --account icbc --reason wrong")]
    [InlineData("money explain 1 --account icbc --as bank_fee --reason told --to funds:wechatpay:2026-11-20 --with 2")]
    [InlineData("money approve 1-7")]
    [InlineData("money reject 1-7 --reason wrong")]
    [InlineData("reconcile --channel wechatpay --day 2026-11-20 --no-bill --reason none")]
    [InlineData("reconcile rules retire r1 --reason old")]
    [InlineData("differences propose d1 --action write_off --reason small")]
    [InlineData("differences approve d1 --proposal 1")]
    [InlineData("differences approve --file jifu.dll")]
    [InlineData("differences import jifu.dll")]
    [InlineData("close --day 2026-11-20")]
    [InlineData("clear")]
    [InlineData("keys create --role operator")]
    [InlineData("keys revoke op_1")]
    [InlineData("projections skip payments --position 5 --reason none")]
    [InlineData("audit checkpoint")]
    [InlineData("audit key rotate")]
    public void Who_writes_may_sign_with_a_key_of_their_own(string line)
    {
        Command[] parts =
        [
            MoneyCommand.Create(), ReconcileCommand.Create(), DifferencesCommand.Create(), CloseCommand.Create(),
            ClearCommand.Create(), KeysCommand.Create(), ProjectionsCommand.Create(), AuditCommand.Create(),
        ];
        var words = line.Split(' ');
        parts.Single(part => part.Name == words[0]).Parse([.. words[1..], "--key", "jifu.dll"]).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Help_tells_what_a_channel_left_out_is() => ReconcileCommand.Create().Options
        .Single(option => option.Name == "--channel").Description!
        .ShouldContain("with --orders, when left out, the bill's content tells");

    private static string Example(string name) =>
        Path.Combine(AppContext.BaseDirectory.Split("/tests/")[0], "docs", "examples", name);

    private static object? Run(string line) => Run(line.Split(' '));

    private static object? Run(string[] line) => typeof(ExitCodes).Assembly.EntryPoint!.Invoke(null, [line]);
}
