namespace Jifu.Ledger.Channels.Bills;

/// <summary>A bill file cannot be used, and nothing of it may be: which rule says so, where, and what was expected
/// there instead.</summary>
/// <remarks>Lines and columns count from 1; a column counts characters, as editors do.</remarks>
public sealed class BillRejectedException(BillRejection code, string file, int line, int column, string expected)
    : Exception($"{file}:{line}:{column}: {SnakeCase.Of($"{code}")}: expected {expected}")
{
    public BillRejection Code { get; } = code;
    public string File { get; } = file;
    public int Line { get; } = line;
    public int Column { get; } = column;

    /// <summary>What should have stood there, for people.</summary>
    public string Expected { get; } = expected;
}
