using Jifu.Ledger.Channels.Alipay;
using Jifu.Ledger.Channels.Bills.Containers;
using Jifu.Ledger.Channels.UnionPay;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>Opens a channel's bill, whichever it is: its content tells what it is, never its name.</summary>
public static class BillFile
{
    /// <summary>The documents of a bill file; an archive may hold several.</summary>
    /// <param name="fileName">What to call the file when something is wrong with it.</param>
    /// <remarks>Each document is read before the next is asked for, and all of them before anything is done with one:
    /// a file is good as a whole or not at all. The stream stays open.</remarks>
    /// <exception cref="BillRejectedException">While reading: the file may not be used.</exception>
    public static IEnumerable<OpenBill> Open(Stream file, string fileName, BillExpectation expected) =>
        Open(file, fileName, expected, BillLimits.Usual);

    internal static IEnumerable<OpenBill> Open(
        Stream file, string fileName, BillExpectation expected, BillLimits limits)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var (sums, told, unread, isZmThere) = (new AlipaySums(), new ToldOnce(), (OpenBill?)null, false);
        foreach (var document in Container.Documents(file, fileName, limits))
        {
            var bill = Recognised(new(document.Content, document.Name), expected, sums);
            if (document.Among is { } content && !expected.WasTaken)
                told.Watch(bill, content);
            yield return bill;
            bill.Finish();
            unread = bill.Kind is BillKind.Unread ? bill : unread;
            isZmThere |= bill is { Kind: BillKind.Trade, Channel: Channel.UnionPay };
        }

        sums.Check(expected.WasTaken);
        if (unread is not null && !isZmThere)
            throw new BillRejectedException(
                BillRejection.BillHeaderUnknown, unread.FileName, 1, 1,
                "ZM of UnionPay: what the fields of PED, PEDERR and RNM mean is published nowhere, so they are only "
                    + "passed over beside one");
    }

    private static OpenBill Recognised(BillText file, BillExpectation expected, AlipaySums sums)
    {
        if (UnionPayBills.Unread(file, expected) is { } unread)
            return unread;
        if (!file.Read())
            return UnionPayBills.WithoutRows(file, expected) ?? throw file.Reject(BillRejection.BillEmpty, 1, "a bill");
        if (Container.IsNested(file.Raw))
            throw file.Reject(BillRejection.BillContainerNested, 1, "a bill, not another archive");
        file.FindEncoding();
        var isFixed = FixedLayout.Begins(file.Raw);
        file.IsGbk |= isFixed;
        var first = isFixed ? "" : file.Decoded(file.Raw);
        file.Unread();

        if (isFixed)
            return UnionPayBills.Open(file, Only(Channel.UnionPay, file, expected));
        if (first.StartsWith("#支付宝", StringComparison.Ordinal))
            return AlipayBills.Open(first, file, Only(Channel.Alipay, file, expected), sums);
        if (first.Contains(TradeBill.Mark, StringComparison.Ordinal)
            || first.Contains(FundFlowBill.Mark, StringComparison.Ordinal))
            return WeChatPayBills.Open(first, file, Only(Channel.WeChatPay, file, expected));
        throw file.Reject(
            BillRejection.BillHeaderUnknown, 1, "the first line of a bill of WeChat Pay, Alipay or UnionPay");
    }

    private static BillExpectation Only(Channel found, BillText file, BillExpectation expected)
    {
        var isExpected = expected.Channel is null || expected.Channel == found
            || (expected.Channel is Channel.Sandbox && found is Channel.WeChatPay);
        return isExpected
            ? expected with { Channel = expected.Channel ?? found }
            : throw file.Reject(
                BillRejection.BillChannelDiffers, 1,
                $"a bill of {expected.Channel!.Value.Name()}, not of {found.Name()}");
    }
}
