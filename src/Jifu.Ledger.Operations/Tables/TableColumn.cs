namespace Jifu.Ledger.Operations.Tables;

/// <summary>What a column of a sheet holds.</summary>
public enum ColumnKind
{
    Text,

    /// <summary>Amounts; summed up where totals are asked for.</summary>
    Money,

    /// <summary>Counts; summed up where totals are asked for.</summary>
    Number,

    Date,

    /// <summary>Date and time of day by Beijing time.</summary>
    Moment,
}

/// <summary>One column of a sheet.</summary>
/// <param name="Width">In characters of Latin letters; 0 finds one that fits heading and kind.</param>
/// <param name="Summed">Whether amounts and counts have a total; line numbers have none.</param>
public sealed record TableColumn(
    string Heading, ColumnKind Kind = ColumnKind.Text, int Width = 0, bool Summed = true)
{
    // A Chinese character takes two places, and the filter's button takes three.
    internal int Places => Width > 0 ? Width : Math.Max(Kind switch
    {
        ColumnKind.Text => 16,
        ColumnKind.Money => 16,
        ColumnKind.Number => 10,
        ColumnKind.Date => 12,
        ColumnKind.Moment => 20,
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "No width."),
    }, Heading.Sum(c => c < 0x1100 ? 1 : 2) + 3);
}
