using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>What a column of amounts or counts comes to; none when it holds several currencies.</summary>
internal sealed class ColumnSum
{
    private long _sum;
    private string? _currency;

    public bool IsMixed { get; private set; }

    public void Add(long value, string currency)
    {
        IsMixed |= currency != (_currency ??= currency);
        if (!IsMixed)
            _sum = checked(_sum + value);
    }

    public string Literal(ColumnKind kind) => kind is ColumnKind.Number
        ? _sum.ToString(CultureInfo.InvariantCulture)
        : CellNumber.Money(_sum, _currency ?? "");

    public CellStyle Style(ColumnKind kind) => kind is ColumnKind.Number ? CellStyle.TotalNumber
        : _currency == nameof(Currency.JPY) ? CellStyle.TotalWholeMoney : CellStyle.TotalMoney;
}
