namespace Jifu.Ledger.Operations.Tables;

/// <summary>For whom a CSV file is.</summary>
public enum CsvProfile
{
    /// <summary>Programs: UTF-8 without BOM, LF, every text exactly as it is. Not to be opened with Excel.</summary>
    Machine,

    /// <summary>Excel of today: UTF-8 with BOM, CRLF, long numbers and formulas guarded.</summary>
    Excel,

    /// <summary>Older Chinese accounting software: GB18030, CRLF, guarded as for Excel.</summary>
    Gb18030,
}
