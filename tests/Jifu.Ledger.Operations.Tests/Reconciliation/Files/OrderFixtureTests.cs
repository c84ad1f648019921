using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Runs every folder of reconciliation-fixtures that holds an order export, <c>orders.csv</c>: its columns are
/// guessed, and what differs from the bill is expected in <c>expected-orders.csv</c>, as the report has it.</summary>
/// <remarks>After a look at them, <c>JIFU_SNAPSHOT=accept</c> writes down what came out.</remarks>
public sealed class OrderFixtureTests : IDisposable
{
    private static readonly string[] BesideTheBill =
        ["ledger.csv", "expected.txt", "orders.csv", "expected-orders.csv"];

    private static readonly bool Accepts =
        Environment.GetEnvironmentVariable("JIFU_SNAPSHOT") == "accept"
        && Environment.GetEnvironmentVariable("CI") is null;

    private readonly string written = Path.GetTempFileName();

    public static TheoryData<string> Cases => new(
        from path in Directory.GetFiles(Root, "orders.csv", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, Path.GetDirectoryName(path)!)
        orderby name
        select name);

    private static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
                root = root.Parent;
            return Path.Combine(root.FullName, "reconciliation-fixtures");
        }
    }

    public void Dispose() => File.Delete(written);

    [Theory, MemberData(nameof(Cases))]
    public void An_order_export_and_a_bill_differ_as_expected(string name)
    {
        var folder = Path.Combine(Root, name);
        var said = File.ReadLines(Path.Combine(folder, "ledger.csv")).Take(2).ToList();
        BusinessDay.TryParse(said[0]["# day: ".Length..], out var day).ShouldBeTrue();
        ChannelNames.TryParse(Path.GetDirectoryName(name), out var channel).ShouldBeTrue();
        var bill = Directory.GetFiles(folder).Single(path => !BesideTheBill.Contains(Path.GetFileName(path)));
        var orders = Path.Combine(folder, "orders.csv");
        var merchant = said[1]["# merchant: ".Length..];

        var guess = MappingGuess.Of(OrderSample.Read(orders), BillSample.Read(bill, channel, merchant, day));
        guess.Doubts.ShouldBeEmpty();
        FileReconciler.Run(new(bill, channel, orders, guess.Mapping!, day, merchant, written));

        var expected = Path.Combine(folder, "expected-orders.csv");
        var told = File.ReadAllText(written).ReplaceLineEndings("\n");
        if (Accepts)
            File.WriteAllText(expected, told);
        told.ShouldBe(File.ReadAllText(expected).ReplaceLineEndings("\n"));
    }
}
