using System.Globalization;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>One payment or refund of ours.</summary>
internal sealed record OwnRow(
    bool IsRefund, string Number, string Payment, long Fen, int Fee, bool IsDone, DateTimeOffset At, bool IsInBill)
{
    public string Reference => $"{(IsRefund ? 50 : 42)}-{Number}";
}

/// <summary>A day's orders and their bill, with differences, and the export of some system that has them: other columns
/// in another order under other names, with titles and sums, in another unit, with refunds here or there.</summary>
internal sealed class RandomExport
{
    private static readonly BusinessDay Day = new(new(2026, 11, 20));

    private static readonly string[] Numbers = ["订单号", "商户订单号", "支付单号", "order_no", "Order ID", "单号", "流水编号"];
    private static readonly string[] Amounts = ["金额", "实付金额", "支付金额(元)", "amount", "Grand Total", "付了多少"];
    private static readonly string[] Fees = ["手续费", "渠道手续费", "fee", "通道成本", "扣费"];
    private static readonly string[] Times = ["支付时间", "付款时间", "交易时间", "paid_at", "Date"];
    private static readonly string[] Kinds = ["类型", "业务类型", "type", "收支类型", "标记"];
    private static readonly string[] References = ["微信订单号", "渠道流水号", "transaction_id", "第三方单号"];
    private static readonly string[] Statuses = ["状态", "支付状态", "订单状态", "status", "Payment Status"];
    private static readonly string[] RefundNumbers = ["退款单号", "商户退款单号", "refund_no", "售后编号"];
    private static readonly string[] RefundedAmounts = ["退款金额", "订单已退款金额", "refund_amount", "Total Refunded"];

    private static readonly (string Payment, string Refund)[] KindWords =
        [("支付", "退款"), ("收款", "退款"), ("收入", "支出"), ("payment", "refund"), ("1", "2"), ("", "退款"), ("销售", "销售退货")];

    private static readonly (string Paid, string Refunded, string NotDone)[] StatusWords =
    [
        ("成功", "成功", "失败"), ("已支付", "已退款", "待支付"), ("交易完成", "退款成功", "交易关闭"), ("paid", "refunded", "pending"),
        ("待发货", "退款成功", "待付款"), ("2", "5", "0"), ("买家已付款 等待卖家发货", "退款成功", "等待买家付款"),
    ];

    private readonly Random _random;
    private readonly List<OwnRow> _ours = [];
    private readonly RefundStyle _refunds;
    private readonly bool _hasFee, _hasAt, _hasStatus, _hasReference, _inFen;

    private enum RefundStyle
    {
        RowsWithKind, RowsBesideNumber, RowsWithSign, AmountBeside, None,
    }

    public RandomExport(int seed)
    {
        _random = new(seed);
        _refunds = Pick(Enum.GetValues<RefundStyle>());
        (_hasFee, _hasAt, _hasStatus) = (Chance(60), Chance(60), Chance(60));
        (_hasReference, _inFen) = (Chance(50), Chance(20));
        var count = _random.Next(4, 30);
        for (var at = 1; at <= count; at++)
            Add(at);
    }

    public List<TradeBillRow> Bill { get; } = [];

    public bool HasAt => _hasAt;

    /// <summary>The same orders, each a row, under names that leave no doubt.</summary>
    public (string Text, OrderMapping Mapping) Plain()
    {
        var rows = _ours.Select(row => string.Join(
            ',', row.Number, row.IsRefund ? "refund" : "payment", Yuan(row.Fen), Yuan(row.Fee),
            row.IsDone ? "ok" : "no", Time(row, "yyyy-MM-dd HH:mm:ss"), row.Reference));
        return ($"number,kind,amount,fee,status,at,reference\n{string.Join('\n', rows)}\n", new()
        {
            Number = "number", Amount = "amount", Kind = "kind", Fee = _hasFee ? "fee" : null,
            Status = _hasStatus ? "status" : null, SuccessWords = ["ok"], At = _hasAt ? "at" : null,
            Reference = _hasReference ? "reference" : null,
        });
    }

    /// <summary>As the system writes them.</summary>
    public string Written()
    {
        var (kinds, statuses) = (Pick(KindWords), Pick(StatusWords));
        var (timeForm, sign) = (
            Pick("yyyy-MM-dd HH:mm:ss", "yyyy/M/d H:mm", "yyyy-MM-ddTHH:mm:ss"), Pick("", "", "¥", "￥"));
        var beside = _refunds is RefundStyle.AmountBeside;
        var columns = new List<(string Heading, Func<OwnRow, string> Cell)>
        {
            (Pick(Numbers), row => _refunds is RefundStyle.RowsBesideNumber ? row.Payment : row.Number),
            ($"{Pick(Amounts)}{(_inFen ? "(分)" : "")}", row => Amount(row, sign)),
            ("国家", _ => "中国"), ("门店", row => row.Fen % 2 == 0 ? "中关村店" : "望京店"), ("件数", row => $"{row.Fen % 3}"),
            ("优惠金额", _ => "0.00"),
        };
        Maybe(_refunds is RefundStyle.RowsBesideNumber, Pick(RefundNumbers), row => row.IsRefund ? row.Number : "");
        Maybe(_refunds is RefundStyle.RowsWithKind or RefundStyle.RowsBesideNumber, Pick(Kinds),
            row => row.IsRefund ? kinds.Refund : kinds.Payment);
        Maybe(beside, Pick(RefundedAmounts), row => Money(_ours
            .Where(refund => refund.IsRefund && refund.Payment == row.Number).Sum(refund => refund.Fen), ""));
        Maybe(_hasFee, Pick(Fees), row => Money(row.Fee, ""));
        Maybe(_hasAt, Pick(Times), row => Time(row, timeForm));
        Maybe(_hasReference, Pick(References), row => row.Reference);
        Maybe(_hasStatus, Pick(Statuses),
            row => !row.IsDone ? statuses.NotDone : row.IsRefund ? statuses.Refunded : statuses.Paid);
        Maybe(Chance(30), "物流状态", row => row.Fen % 2 == 0 ? "未发货" : "已发货");
        var shuffled = columns.ToArray();
        _random.Shuffle(shuffled);
        var lines = new List<string>();
        if (Chance(30))
            lines.Add($"订单明细{string.Concat(Enumerable.Repeat(",", _random.Next(0, shuffled.Length)))}");
        lines.Add(string.Join(',', shuffled.Select(column => column.Heading)));
        lines.AddRange(_ours.Where(row => !(beside && row.IsRefund))
            .Select(row => string.Join(',', shuffled.Select(column => column.Cell(row)))));
        if (Chance(30))
            lines.Add($"合计{string.Concat(Enumerable.Repeat(",", shuffled.Length - 1))}");
        return string.Join('\n', lines) + "\n";

        void Maybe(bool isThere, string heading, Func<OwnRow, string> cell)
        {
            if (isThere)
                columns.Add((heading, cell));
        }
    }

    private void Add(int at)
    {
        var (number, fen) = ($"P{at:000}{_random.Next(1_000, 9_999)}", (long)_random.Next(1, 50_000));
        var fee = (int)(fen / 200);
        var moment = Day.Start.AddMinutes(60 + _random.Next(1_200));
        var isDone = !_hasStatus || !Chance(10);
        var isOther = isDone && _hasAt && Chance(10);
        if (isOther)
            moment = moment.AddDays(-2);
        var fate = isDone && !isOther ? _random.Next(20) : 0;
        var isInBill = isDone && !isOther && fate != 1;
        if (fate != 2)
            _ours.Add(new(false, number, number, fen, fee, isDone, moment, isInBill));
        if (isInBill)
            Bill.Add(Paid(number, fate == 3 ? fen + 7 : fen, fate == 4 ? fee + 1 : fee) with { TradeTime = moment });
        if (isInBill && fate is 0 or > 4 && _refunds is not RefundStyle.None && Chance(30))
            Refund(number, (fen / 2) + 1, moment.AddMinutes(1));
    }

    private void Refund(string payment, long fen, DateTimeOffset at)
    {
        var fate = _random.Next(12);
        // What is refunded beside a payment and is not in the bill is told, and is no difference.
        var isInBill = fate != 0 || _refunds is RefundStyle.AmountBeside;
        if (fate != 1)
            _ours.Add(new(true, $"R{payment[1..]}", payment, fen, 0, true, at, isInBill));
        if (isInBill)
            Bill.Add(Refunded(payment, $"R{payment[1..]}", fen) with { TradeTime = at });
    }

    private string Amount(OwnRow row, string sign) =>
        (row.IsRefund && _refunds is RefundStyle.RowsWithSign ? "-" : "") + Money(row.Fen, sign);

    private string Money(long fen, string sign) =>
        _inFen ? fen.ToString(CultureInfo.InvariantCulture) : sign + Yuan(fen);

    private static string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(OwnRow row, string form) =>
        row.At.ToString(form, CultureInfo.InvariantCulture);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
