namespace Jifu.Ledger.Operations.Tables;

/// <summary>Rows for people or programs, cell by cell from the left. A file of CSV and a sheet of Excel are both one,
/// so what is told is said once.</summary>
public interface ITable : IDisposable
{
    /// <summary>Rows without headers and sums.</summary>
    long Rows { get; }

    /// <summary>Always text, also when it looks like a number or a formula; null is an empty cell.</summary>
    ITable Text(string? text);

    /// <summary>A count: a whole number.</summary>
    ITable Count(long count);

    /// <summary>An amount, shown in the currency's main unit with as many decimals as it has: <c>-100.50</c>.</summary>
    /// <param name="currency">Its ISO name.</param>
    ITable Money(long minorUnits, string currency);

    ITable Date(BusinessDay? day);

    /// <summary>A moment, shown by Beijing time to the second.</summary>
    ITable Moment(DateTimeOffset? moment);

    ITable Blank(int cells = 1);

    /// <summary>Empty cells for people to fill in, where a number stays as it is typed: <c>000123</c>.</summary>
    ITable ToFillIn(int cells);

    /// <summary>An empty cell to fill in with one of these words, which Excel offers.</summary>
    /// <param name="words">None with a comma; none at all is any word.</param>
    ITable ToChoose(IReadOnlyList<string> words);

    void EndRow();
}
