using Jifu.Ledger.Operations.Reports.Pages;

namespace Jifu.Ledger.Operations.Tests.Reports;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0 100%")]
    [InlineData(0.02, "0 0.5% 1.0% 1.5% 2.0%")]
    [InlineData(0.93, "0 25% 50% 75% 100%")]
    [InlineData(0.09, "0 2.5% 5.0% 7.5% 10.0%")]
    [InlineData(0.000_03, "0 0.001% 0.002% 0.003%")]
    [InlineData(0.000_000_7, "0 0.00002% 0.00004% 0.00006% 0.00008%")]
    public void An_axis_says_no_more_decimals_than_its_steps_need(double reach, string marks)
    {
        var step = Figures.Step(reach);
        var steps = Math.Max(1, (int)Math.Ceiling((reach / step) - 0.001));
        string.Join(' ', Enumerable.Range(0, steps + 1).Select(at => Figures.Mark(step * at, step))).ShouldBe(marks);
    }
}
