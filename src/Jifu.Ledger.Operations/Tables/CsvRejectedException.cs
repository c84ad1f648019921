namespace Jifu.Ledger.Operations.Tables;

/// <summary>Somebody's CSV file cannot be used. The message names the file and the line, and says what was
/// expected.</summary>
/// <param name="line">From 1; a cell in quotes may hold several.</param>
public sealed class CsvRejectedException(string file, int line, string expected)
    : Exception(FormattableString.Invariant($"{file}, line {line}: {expected}"))
{
    public string File { get; } = file;
    public int Line { get; } = line;
    public string Expected { get; } = expected;
}
