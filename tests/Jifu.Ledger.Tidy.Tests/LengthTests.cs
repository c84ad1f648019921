namespace Jifu.Ledger.Tidy.Tests;

/// <summary>What fits on a page can be read.</summary>
public class LengthTests
{
    private const int FileLinesMax = 250;
    private const int FunctionLinesMax = 40;
    private const int SwitchLinesMax = 60;
    private const int ColumnsMax = 120;

    private static IEnumerable<CheckoutFile> Written => Checkout.Files.Where(file =>
        file.Name.EndsWith(".cs", StringComparison.Ordinal) || file.Name.EndsWith(".sql", StringComparison.Ordinal)
        || file.Path.StartsWith("scripts/", StringComparison.Ordinal));

    [Fact]
    public void Files_fit_on_a_few_screens() => Written
        .Where(file => file.Lines.Count > FileLinesMax)
        .Select(file => new Finding(file.Path, FileLinesMax,
            $"{file.Lines.Count} lines; find the second noun and give it a file of its own (at most {FileLinesMax})"))
        .ShouldBeNone();

    [Fact]
    public void Functions_fit_on_one_screen() => Checkout.Sources
        .SelectMany(file => file.Outline.Functions
            .Where(function => function.BodyLines > (function.IsSwitch ? SwitchLinesMax : FunctionLinesMax))
            .Select(function => new Finding(file.Path, function.Line,
                $"{function.BodyLines} lines; name a step of it and move it out (at most {FunctionLinesMax}, "
                + $"a table of cases {SwitchLinesMax}): {function.Header}")))
        .ShouldBeNone();

    [Fact]
    public void Lines_fit_beside_each_other() => Written
        .SelectMany(file => file.Lines.Select((line, index) => (line, index))
            .Where(at => at.line.Length > ColumnsMax)
            .Select(at => new Finding(file.Path, at.index + 1,
                $"{at.line.Length} columns; break it where the outermost part ends (at most {ColumnsMax})")))
        .ShouldBeNone();
}
