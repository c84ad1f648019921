using Jifu.Ledger.Fuzz;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>What <c>scripts/fuzz-bills</c> does, with the same files in each run. A file that hangs is ended by the
/// test run's own patience.</summary>
public class DamagedBillTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void A_damaged_bill_is_read_or_refused_in_plain_words(int seed)
    {
        var trial = new BillTrial(seed);
        for (var number = 0; number < 2_500; number++)
        {
            var (sample, bytes) = trial.File(number);
            try
            {
                trial.Try(sample, bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"scripts/fuzz-bills --seed {seed} --file {number}: {e}");
            }
        }

        trial.Outcomes.Keys.ShouldContain("read");
        trial.Outcomes.Count.ShouldBeGreaterThan(15);
    }
}
