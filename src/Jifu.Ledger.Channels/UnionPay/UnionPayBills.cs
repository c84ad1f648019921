using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>Which of UnionPay's files it is: the length of its lines says so.</summary>
internal static class UnionPayBills
{

    /// <summary>What only its name tells, and nobody its fields, so that its content does not matter; null for any
    /// other name.</summary>
    public static OpenBill? Unread(BillText file, BillExpectation expected) =>
        ZmName.IsUndocumented(file.FileName) && expected.Channel is null or Channel.UnionPay
            ? OpenBill.OfLines(Channel.UnionPay, BillKind.Unread, file.FileName, "unionpay, passed over", [])
            : null;

    /// <summary>A day without corrections may come as an empty file. Only its name tells; an empty file of any other
    /// name is not taken for a day without transactions.</summary>
    public static OpenBill? WithoutRows(BillText file, BillExpectation expected) =>
        ZmName.IsOfCorrections(file.FileName) && expected.Channel is null or Channel.UnionPay
            ? OpenBill.OfLines(Channel.UnionPay, BillKind.Errors, file.FileName, "unionpay zme 22", [])
            : null;

    public static OpenBill Open(BillText file, BillExpectation expected)
    {
        file.Read();
        var (length, isNewer) = (file.Raw.Length, FixedLayout.IsNewerZm(file.Raw));
        file.Unread();
        if (length == FixedLayout.Zme.Bytes)
            return OpenBill.OfLines(
                Channel.UnionPay, BillKind.Errors, file.FileName, "unionpay zme 22",
                new ZmeBill(file, expected).Rows());
        var bill = new ZmBill(file, expected);
        return OpenBill.OfLines(
            Channel.UnionPay, BillKind.Trade, file.FileName, isNewer ? "unionpay zm 42" : "unionpay zm 41",
            bill.Rows(), dayOf: _ => bill.Day);
    }
}
