using System.Buffers.Text;
using System.Text;

namespace Jifu.Ledger.Benchmarks;

/// <summary>A bill of WeChat Pay (layout ALL, 27 columns) and an order export of the same day, the same each time, with
/// differences planted at even distances.</summary>
internal sealed class ReconcileFiles : IDisposable
{
    public const int Planted = 5_000;

    private const ulong Seed = 20_261_121;
    private const int ShuffledRows = 1_024;

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-benchmark-").FullName;
    private readonly byte[] line = new byte[4_096];
    private readonly long rows;
    private int length;
    private long written, paid, refunded, fees;

    public ReconcileFiles(long rows)
    {
        this.rows = rows;
        WriteBill();
        WriteOrders();
    }

    /// <summary>What is planted in a row.</summary>
    private enum Plant
    {
        None, Amount, Fee, OnlyBill, OnlyOrders, Twice,
    }

    public string Bill => Path.Combine(folder, "bill.csv");
    public string Orders => Path.Combine(folder, "orders.csv");
    public string Differences => Path.Combine(folder, "differences.csv");
    public long Bytes => new FileInfo(Bill).Length + new FileInfo(Orders).Length;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Plant PlantOf(long row) => row % (rows / Planted) == 3
        ? (Plant)(1 + (row / (rows / Planted) % 5))
        : Plant.None;

    private static bool IsRefund(long row) => row % 20 == 7;

    private static long FenOf(long row) => 1 + (long)(Mixed(row) % 50_000);

    private static ulong Mixed(long row)
    {
        unchecked
        {
            var mixed = (Seed + (ulong)row) * 0x9E37_79B9_7F4A_7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
            return mixed ^ (mixed >> 31);
        }
    }

    private void WriteBill()
    {
        using var file = new FileStream(Bill, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        Text("\uFEFF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"u8);
        Text("应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"u8);
        Text("手续费,费率,订单金额,申请退款金额,费率备注\r\n"u8);
        for (long row = 0; row < rows; row++)
        {
            var plant = PlantOf(row);
            for (var times = plant is Plant.OnlyOrders ? 0 : plant is Plant.Twice ? 2 : 1; times > 0; times--)
                BillRow(row, FenOf(row) + (plant is Plant.Amount ? 100 : 0), plant is Plant.Fee ? 1_000 : 0);
            if (length > 512)
                Flush(file);
        }

        Text("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"u8);
        Text(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"`{written},`{paid / 100m:0.00},`{refunded / 100m:0.00},`0.00,`{fees / 100_000m:0.00000},")));
        Text(Encoding.UTF8.GetBytes(FormattableString.Invariant($"`{paid / 100m:0.00},`{refunded / 100m:0.00}\r\n")));
        Flush(file);
    }

    private void BillRow(long row, long fen, long moreFee)
    {
        var refund = IsRefund(row);
        var fee = (refund ? -fen : fen) * 6;
        fee = fee - (fee % 1_000) + moreFee;
        (written, fees) = (written + 1, fees + fee);
        (paid, refunded) = refund ? (paid, refunded + fen) : (paid + fen, refunded);
        Text("`"u8);
        Time(row);
        Text(",`wx8888888888888888,`1900000109,`0,`,`4200002611"u8);
        Number((long)(Mixed(row) >> 4), 18);
        Text(",`JF20261120"u8);
        Number(row, 14);
        Text(",`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`"u8);
        Text(refund ? "REFUND,`OTHERS,`CNY,`"u8 : "SUCCESS,`OTHERS,`CNY,`"u8);
        Amount(refund ? 0 : fen, 2);
        Text(refund ? ",`0.00,`5030000711"u8 : ",`0.00,`0,`0,`"u8);
        if (refund)
        {
            Number(row, 18);
            Text(",`RF20261120"u8);
            Number(row, 14);
            Text(",`"u8);
        }

        Amount(refund ? fen : 0, 2);
        Text(refund ? ",`0.00,`ORIGINAL,`SUCCESS,`咖啡, 大杯,`,`"u8 : ",`0.00,`,`,`咖啡, 大杯,`,`"u8);
        Amount(fee, 5);
        Text(",`0.60%,`"u8);
        Amount(refund ? 0 : fen, 2);
        Text(",`"u8);
        Amount(refund ? fen : 0, 2);
        Text(",`\r\n"u8);
    }

    private void WriteOrders()
    {
        using var file = new FileStream(Orders, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        Text("订单号,类型,金额,手续费,状态,支付时间,门店\n"u8);
        for (long place = 0; place < rows; place++)
        {
            // The order in which orders were made is not quite that in which they were paid.
            var block = place - (place % ShuffledRows);
            var row = block + ShuffledRows <= rows ? block + (place % ShuffledRows * 401 % ShuffledRows) : place;
            if (PlantOf(row) is Plant.OnlyBill)
                continue;
            var (refund, fen) = (IsRefund(row), FenOf(row));
            var fee = (refund ? -fen : fen) * 6;
            Text(refund ? "RF20261120"u8 : "JF20261120"u8);
            Number(row, 14);
            Text(refund ? ",退款,"u8 : ",支付,"u8);
            Amount(fen, 2);
            Text(","u8);
            Amount(fee / 1_000, 2);
            Text(",成功,"u8);
            Time(row);
            Text(",上海南京东路店\n"u8);
            if (length > 512)
                Flush(file);
        }

        Flush(file);
    }

    private void Time(long row)
    {
        var second = row * 86_400 / rows;
        Text("2026-11-20 "u8);
        Number(second / 3_600, 2);
        Text(":"u8);
        Number(second / 60 % 60, 2);
        Text(":"u8);
        Number(second % 60, 2);
    }

    private void Amount(long units, int decimals)
    {
        var unit = decimals == 2 ? 100 : 100_000;
        if (units < 0)
            Text("-"u8);
        Utf8Formatter.TryFormat(Math.Abs(units) / unit, line.AsSpan(length), out var digits);
        length += digits;
        Text("."u8);
        Number(Math.Abs(units) % unit, decimals);
    }

    private void Number(long number, int digits)
    {
        for (var at = digits - 1; at >= 0; at--, number /= 10)
            line[length + at] = (byte)('0' + (number % 10));
        length += digits;
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        text.CopyTo(line.AsSpan(length));
        length += text.Length;
    }

    private void Flush(FileStream file)
    {
        file.Write(line, 0, length);
        length = 0;
    }
}
