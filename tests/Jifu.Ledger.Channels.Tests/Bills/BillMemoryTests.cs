using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Runs when no other test does: what others hold must not count.</summary>
[CollectionDefinition(Name, DisableParallelization = true), Collection(Name)]
public class BillMemoryTests
{
    private const string Name = "alone";

    [Fact]
    public void Memory_holds_one_line_however_long_the_bill_is()
    {
        var held = new List<long>();
        Should.Throw<BillRejectedException>(() => Read(held)).Code.ShouldBe(BillRejection.BillTruncated);

        held.Count.ShouldBe(4);
        (held[^1] - held[0]).ShouldBeLessThan(1 << 20);
    }

    private static void Read(List<long> held)
    {
        foreach (var bill in BillFile.Open(new EndlessBill(40_000), "bill.csv", new()))
        {
            foreach (var (row, _) in bill.Lines.Index())
            {
                if (row % 10_000 == 5_000)
                    held.Add(GC.GetTotalMemory(forceFullCollection: true));
            }
        }
    }
}
