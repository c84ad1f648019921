using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Fuzz;

/// <summary>Feeds damaged bills to the reader and counts what came of them.</summary>
internal sealed class BillTrial(int seed)
{
    private readonly IReadOnlyList<BillSample> samples = BillSample.All();
    private readonly IReadOnlyList<BillSample> good = [.. BillSample.All().Where(sample => sample.IsRead)];

    /// <summary>How many files ended in which way: <c>read</c>, or the code with which they were refused.</summary>
    public SortedDictionary<string, int> Outcomes { get; } = [];

    /// <summary>The damaged file of a number, always the same one.</summary>
    public (BillSample Sample, byte[] Bytes) File(int number)
    {
        var dice = new Random(unchecked((seed * 1_000_003) + number));
        var from = dice.Next(4) == 0 ? samples : good;
        var sample = from[dice.Next(from.Count)];
        if (dice.Next(2) == 0)
            sample = sample with { Expected = new(Day: sample.Expected.Day) };
        return (sample, new Damage(dice, samples).Of(sample.Bytes));
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="InvalidDataException">It was read, and a text in it has lost a character.</exception>
    public void Try(BillSample sample, byte[] bytes)
    {
        var outcome = Outcome(sample, bytes);
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
    }

    private static string Outcome(BillSample sample, byte[] bytes)
    {
        try
        {
            foreach (var bill in BillFile.Open(new MemoryStream(bytes), sample.FileName, sample.Expected))
            {
                foreach (var line in bill.Lines)
                    MustBeWhole(line.ToString());
                foreach (var line in bill.FundFlow)
                    MustBeWhole(line.ToString());
            }

            return "read";
        }
        catch (BillRejectedException refused)
        {
            return refused is { Line: > 0, Column: > 0, Expected.Length: > 0 }
                ? SnakeCase.Of($"{refused.Code}")
                : throw new InvalidDataException($"'{refused.Message}' does not say where.");
        }
    }

    private static void MustBeWhole(string text)
    {
        if (text.Contains('\uFFFD', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException($"A character was lost: {text}");
    }
}
