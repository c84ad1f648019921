using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Exports with all that a mapping can say and with cells left empty: whichever reader reads them, they are
/// the same orders, or refused with the same words.</summary>
public sealed class OrderMemberProperties : IDisposable
{
    private const string Headings = "订单号,退款单号,类型,金额,手续费,状态\n";

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-members-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Both_readers_read_the_same()
    {
        var worlds =
            from files in TwoFiles.Any
            from odd in Gen.ListOf(Gen.Elements(
                ",,,,,待支付", "合计,2笔,退款,1.00,,", ",,,,,", "n1,,,--,,待支付", ",n2,退款,0.50,,成功", "n3,,,-1.00,x,待支付"))
            from known in Gen.Elements(true, false)
            from flags in Gen.Choose(0, 7)
            from place in Gen.Choose(0, int.MaxValue)
            from to in Gen.Elements(" ,0-\"".Select(character => (byte)character))
            select (files, odd, known, flags, place, to);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var request = new FileReconciliationRequest(
                Path.Combine(folder, "bill.csv"), Channel.WeChatPay, Path.Combine(folder, "orders.csv"),
                Mapping(world.known, world.flags));
            world.files.Write(request.BillPath, request.OrdersPath, TwoFiles.Style.Plain);
            var rows = world.files.Ours.Select(Row).Concat(world.odd.Take(3));
            File.WriteAllText(request.OrdersPath, $"{Headings}{string.Join('\n', rows)}\n");
            Outcome(() => Compared(request)).ShouldBe(Outcome(() => Answer.Naive(request)));

            var bytes = File.ReadAllBytes(request.OrdersPath);
            bytes[world.place % bytes.Length] = world.to;
            File.WriteAllBytes(request.OrdersPath, bytes);
            Outcome(() => Compared(request)).ShouldBe(Outcome(() => Answer.Naive(request)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261122, 23));
    }

    private static OrderMapping Mapping(bool known, int flags) => new()
    {
        Number = "订单号", RefundNumber = "退款单号", Kind = (flags & 4) == 0 ? "类型" : null, Amount = "金额",
        Fee = "手续费", Status = "状态", SuccessWords = ["成功"], NotDoneWords = known ? ["待支付", ""] : null,
        NegativeFees = (flags & 1) != 0, PositiveRefundFees = (flags & 2) != 0, NegativeRefunds = true,
    };

    private static string Row(TwoFiles.Row row)
    {
        var refund = row.Kind is not BillLineKind.Payment;
        var number = row.Number.Replace(",", "", StringComparison.Ordinal);
        string[] cells =
        [
            refund && row.Reference == 0 ? $"paid{number}" : number, refund && row.Reference == 0 ? number : "",
            row.Kind switch { BillLineKind.Payment => "支付", BillLineKind.Refund => "退款", _ => "撤销" },
            (refund ? "-" : "") + (row.Fen / 100m).ToString("0.00", CultureInfo.InvariantCulture),
            row.Merchant == 1 ? "" : (row.Fee / 100m).ToString("0.00", CultureInfo.InvariantCulture),
            row.Done ? "成功" : row.Minute < 0 ? "" : "待支付",
        ];
        return string.Join(',', cells);
    }

    private static Answer Compared(FileReconciliationRequest request)
    {
        var result = FileReconciler.Run(request);
        result.Theirs.NetMinor.ShouldBe(
            result.Ours.NetMinor + result.ExcessMinor + result.CutOffMinor + result.ToleratedMinor
                + result.UntoldFeeMinor);
        return new(
            result.Theirs, result.Ours, result.OthersRows, result.Matched, result.Differences.ToValueList());
    }

    private static object Outcome(Func<Answer> compare)
    {
        try
        {
            return compare();
        }
        catch (BillRejectedException refused)
        {
            return refused.Message;
        }
    }
}
