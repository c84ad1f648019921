using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>Compares a bill with an order export, shows what was found, and writes the report.</summary>
internal static class OfflineRun
{
    // So many rows are in the workbook unasked: two seconds, and small enough to send by mail.
    private const long RowsUnasked = 100_000;

    private const int MerchantsTold = 5;

    public static async Task<int> Run(OfflineRequest request, CancellationToken cancellation)
    {
        try
        {
            using var folder = request.Folder is { } path
                ? ReportFolder.At(path, request.Force)
                : ReportFolder.Temporary();
            return await Run(request, folder, cancellation);
        }
        catch (Exception refused) when (refused is BillRejectedException or WorkbookRejectedException)
        {
            if (request.Json)
                RefusedPrint.Json(refused, Console.Out);
            await Console.Error.WriteLineAsync(!AreSwapped(request, refused) ? refused.Message
                : $"{refused.Message}; {request.Orders.Name} is a bill: say --bill {request.Orders.Name} --orders "
                    + request.Bill.Name);
            return ExitCodes.Usage;
        }
    }

    // Only where the bill is none.
    private static bool AreSwapped(OfflineRequest request, Exception refused)
    {
        if (refused is not BillRejectedException { Code: BillRejection.BillHeaderUnknown } unknown
            || unknown.File != request.Bill.Name)
            return false;
        try
        {
            using var file = request.Orders.OpenRead();
            return BillFile.Open(file, request.Orders.Name, new(Day: request.Day)).Any();
        }
        catch (BillRejectedException)
        {
            return false;
        }
    }

    private static async Task<int> Run(OfflineRequest request, ReportFolder folder, CancellationToken cancellation)
    {
        var orders = OrdersOf(request, folder, cancellation);
        try
        {
            return await Run(request, folder, orders, cancellation);
        }
        catch (BillRejectedException refused) when (IsOfWorkbook(refused))
        {
            // Nobody has ever seen the file that was made of the workbook.
            var cell = OrderSheet.CellAt(orders, refused.Line, refused.Column);
            if (request.Json)
                RefusedPrint.Json(refused, request.Orders.Name, cell, Console.Out);
            await Console.Error.WriteLineAsync($"{request.Orders.Name}: {cell}: {SnakeCase.Of($"{refused.Code}")}: "
                + $"expected {refused.Expected}");
            return ExitCodes.Usage;
        }

        bool IsOfWorkbook(BillRejectedException refused) =>
            orders != request.Orders.FullName
            && (refused.File == Path.GetFileName(orders) || refused.File == request.Orders.Name);
    }

    private static string OrdersOf(OfflineRequest request, ReportFolder folder, CancellationToken cancellation)
    {
        if (!OrderSheet.IsWorkbook(request.Orders.FullName))
            return request.Orders.FullName;
        var csv = Path.Combine(folder.Draft, $"{request.Orders.Name}.csv");
        if (OrderSheet.ToCsv(request.Orders.FullName, csv, cancellation) is [var first, _, ..] sheets)
            Console.Error.WriteLine($"Of {request.Orders.Name} the sheet {first} is read, and not "
                + $"{string.Join(", ", sheets.Skip(1))}: what else is to be compared, put into one sheet.");
        return csv;
    }

    private static async Task<int> Run(
        OfflineRequest request, ReportFolder folder, string orders, CancellationToken cancellation)
    {
        var compared = Prepare(request, folder, orders);
        LetGo();
        var result = await FileProgress.Show(
            progress => FileReconciler.Run(compared, progress, cancellation), cancellation);
        LetGo();
        // A workbook's rows are the lines of what was made of it, so only the name differs.
        var rows = request.Rows ?? result.Theirs.Rows + result.Ours.Rows + result.OthersRows <= RowsUnasked;
        var report = FileReport.Of(
            compared, result, rows, request.Orders.Name, rows || request.Json || request.Folder is not null);
        if (request.Folder is not null)
        {
            await ReportFiles.Write(folder, request, compared, result, report, cancellation);
            folder.Publish();
        }

        if (request.Json)
            OfflinePrint.Json(request, compared, result, report, Console.Out);
        else
            OfflinePrint.Text(request, result, report);
        return result.DifferenceCount == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
    }

    // The rows of a guess and the buffers of a comparison are many megabytes, and of no use to what comes next.
    private static void LetGo() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static FileReconciliationRequest Prepare(OfflineRequest request, ReportFolder folder, string orders)
    {
        var channel = request.Channel ?? ChannelOf(request.Bill, request.Day);
        var bill = BillSample.Read(request.Bill.FullName, channel, request.Merchant, request.Day);
        if (bill.Rows == 0)
            MustBeTrades(request.Bill, channel, request.Day);
        var mapping = OrderChoice.Of(request, orders, bill);
        if (request.Merchant is { } merchant && mapping.Merchant is not null)
            MustHaveOrdersOf(merchant, orders, request.Orders.Name, mapping);
        return new(
            request.Bill.FullName, channel, orders, mapping, DayOf(request, channel, bill, mapping),
            request.Merchant,
            DifferencesPath: Path.Combine(folder.Draft, ReportFiles.AllDifferences),
            Tolerances: new(request.TolerateAmountMinor, request.TolerateFeeMinor)
            {
                CutOff = LedgerDay.MarginOf(channel),
            });
    }

    // What the first document is, all of the file is.
    private static Channel ChannelOf(FileInfo bill, BusinessDay? day)
    {
        using var file = bill.OpenRead();
        return BillFile.Open(file, bill.Name, new(Day: day)).Select(document => (Channel?)document.Channel)
            .FirstOrDefault()
            ?? throw new CommandFailedException(ExitCodes.Usage, $"{bill.Name} holds no bill.");
    }

    // An empty day is fine; a bill of something else is not.
    private static void MustBeTrades(FileInfo bill, Channel channel, BusinessDay? day)
    {
        using var file = bill.OpenRead();
        var theirs = channel is Channel.Sandbox ? Channel.WeChatPay : channel;
        var documents = BillFile.Open(file, bill.Name, new(theirs, day))
            .Select(document => (document.Kind, document.Layout)).ToList();
        if (documents.All(document => document.Kind is not BillKind.Trade))
            throw new CommandFailedException(ExitCodes.Usage, $"{bill.Name}: a bill of trades is expected (交易账单, "
                + $"业务明细, ZM); found {string.Join(", ", documents.Select(document => document.Layout))}.");
    }

    // A number that nobody has is mistyped, or another one than the export tells.
    private static void MustHaveOrdersOf(string merchant, string path, string name, OrderMapping mapping)
    {
        using var file = File.OpenRead(path);
        var others = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var order in OrderFile.Lines(file, name, mapping))
        {
            if (order.CountsOn(null, merchant))
                return;
            if (others.Count < MerchantsTold && order.Merchant != merchant)
                others.Add(order.Merchant);
        }

        if (others.Count > 0)
            throw new CommandFailedException(
                ExitCodes.Usage, $"{name}: not one order is of merchant {merchant}; column {mapping.Merchant} says "
                    + $"{string.Join(", ", others)}.");
    }

    // A bill of one day says which orders belong to it, if the orders say when they were paid.
    private static BusinessDay? DayOf(OfflineRequest request, Channel channel, BillSample bill, OrderMapping mapping)
    {
        if (request.Day is { } told)
            return told;
        if (request.Whole || mapping.At is null
            || BillSample.DayOf(bill, request.Bill.FullName, channel) is not { } day)
            return null;
        Console.Error.WriteLine($"The bill is of {day}; orders of other days are not compared (--whole compares all).");
        return day;
    }
}
