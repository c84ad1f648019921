using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>Whatever an export looks like: it is compared as what it holds, or somebody is asked. Never is there a
/// difference that is none, or none where there is one.</summary>
public sealed class GuessProperties : IDisposable
{
    private const int Exports = 250;

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void An_export_is_compared_as_what_it_holds_or_somebody_is_asked()
    {
        var (compared, wrong) = (0, new List<string>());
        for (var seed = 1; seed <= Exports; seed++)
        {
            var export = new RandomExport(seed);
            var (plain, mapping) = export.Plain();
            var text = export.Written();
            var guess = _files.Guess(export.Bill, text);
            if (guess.Doubts.Count > 0)
                continue;
            var found = Found(() => _files.Compared(guess.Mapping!, DayOf(guess.Mapping!)));
            if (found is null)
                continue;
            compared++;
            _files.Write(plain);
            if (found != Found(() => _files.Compared(mapping, DayOf(mapping))))
                wrong.Add($"seed {seed}: {found}\n{string.Join('\n', GuessedExport.Lines(guess))}\n{text}");
        }

        wrong.ShouldBeEmpty();
        // Who is asked about everything is not helped.
        compared.ShouldBeGreaterThan(Exports * 6 / 10);
    }

    // Null for what is refused at a cell.
    private static string? Found(Func<FileReconciliationResult> compare)
    {
        try
        {
            return string.Join("; ", compare().Differences
                .Select(each => $"{each.Class} {each.Key} {each.Field} {each.ExcessMinor}").Order());
        }
        catch (BillRejectedException)
        {
            return null;
        }
    }

    private static BusinessDay? DayOf(OrderMapping mapping) =>
        mapping.At is null ? null : new(new(2026, 11, 20));
}
