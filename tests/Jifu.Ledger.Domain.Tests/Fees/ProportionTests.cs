using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Domain.Tests.Fees;

using static Given;

/// <summary>Fees are rounded once, and come back in parts without a fen lost.</summary>
public class ProportionTests
{
    private static readonly Gen<(long Paid, Rate Rate, List<long> Parts)> Refunds =
        from paid in Gen.Choose(1, 50_000)
        from rate in Gen.Choose(0, Rate.Whole)
        from cuts in Gen.ListOf(Gen.Choose(0, paid)).Resize(12)
        select ((long)paid, new Rate(rate), Parts(paid, cuts));

    [Fact]
    public void Fee_returns_of_any_parts_sum_to_the_whole_fee() => Holds.ForAll(Refunds, it =>
    {
        var (returned, refunded) = (0L, 0L);
        var fee = it.Rate.RoundedOf(Cny(it.Paid));
        foreach (var part in it.Parts)
        {
            refunded += part;
            var now = Proportion.RoundedReturn(fee, Cny(returned), Cny(it.Paid), Cny(refunded));
            now.MinorUnits.ShouldBeInRange(0, fee.MinorUnits - returned);
            returned += now.MinorUnits;
        }

        refunded.ShouldBe(it.Paid);
        returned.ShouldBe(fee.MinorUnits);
    });

    [Fact]
    public void What_came_back_is_never_more_than_half_a_fen_from_its_share() => Holds.ForAll(Refunds, it =>
    {
        var fee = it.Rate.RoundedOf(Cny(it.Paid));
        var now = Proportion.RoundedReturn(fee, Cny(0), Cny(it.Paid), Cny(it.Parts[0]));
        Math.Abs(now.MinorUnits - (decimal)fee.MinorUnits * it.Parts[0] / it.Paid).ShouldBeLessThanOrEqualTo(0.5m);
    });

    [Theory]
    [InlineData(100_00, 6_000, 60)]
    [InlineData(83, 6_000, 0)]
    [InlineData(84, 6_000, 1)]
    [InlineData(250, 6_000, 2)]
    [InlineData(417, 6_000, 3)]
    [InlineData(7_50, 10_000, 8)]
    [InlineData(8_50, 10_000, 8)]
    public void A_fee_is_rounded_half_to_even_once(long fen, int partsPerMillion, long fee) =>
        new Rate(partsPerMillion).RoundedOf(Cny(fen)).ShouldBe(Cny(fee));

    [Fact]
    public void After_a_failed_refund_nothing_is_taken_back() =>
        Proportion.RoundedReturn(Cny(60), Cny(40), Cny(100_00), Cny(50_00)).ShouldBe(Cny(0));

    private static List<long> Parts(long paid, IEnumerable<int> cuts)
    {
        long[] marks = [0, .. cuts.Select(cut => (long)cut).Order(), paid];
        return [.. marks.Zip(marks.Skip(1), (from, to) => to - from).Where(part => part > 0)];
    }
}
