using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

public sealed class FileReconcilerProperties : IDisposable
{
    private const int AllBits = 61;

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Any_two_files_differ_by_the_sketch_as_by_a_naive_join() => Check((request, oracle) =>
    {
        var compared = Compared(request, AllBits, FileReconciler.ThirdCells);
        compared.ShouldBe(oracle);
        // What was found again is what was summed up, or the exact join would have had to step in.
        compared.Method.ShouldBe("difference sketch");
    });

    [Fact]
    public void Orders_of_another_merchant_are_not_expected_in_a_merchant_s_bill() => Check((request, _) =>
    {
        var ofOne = request with { Merchant = "1900" };
        Outcome(() => Compared(ofOne, AllBits, FileReconciler.ThirdCells)).ShouldBe(Outcome(() => Answer.Naive(ofOne)));
    });

    [Fact]
    public void Fees_that_orders_do_not_tell_are_no_differences_and_are_counted() => Check((request, _) =>
    {
        var untold = request with { Mapping = request.Mapping with { Fee = null } };
        Compared(untold, AllBits, FileReconciler.ThirdCells).ShouldBe(Answer.Naive(untold));
        Compared(untold, AllBits, 1).ShouldBe(Answer.Naive(untold));
    });

    [Fact]
    public void Keys_that_collide_change_nothing() => Check((request, oracle) =>
        Compared(request, 2, FileReconciler.ThirdCells).ShouldBe(oracle));

    [Fact]
    public void Too_many_differences_are_joined_exactly_and_it_is_said() => Check((request, oracle) =>
    {
        var compared = Compared(request, AllBits, 1);
        compared.ShouldBe(oracle);
        if (oracle.Differences.Count(each => each.Class != "cut_off") > 6)
            compared.Method.ShouldBe("exact external join: too many differences for the sketch");
    });

    [Fact]
    public void A_bill_with_a_changed_byte_is_refused_as_the_careful_reader_refuses_it()
    {
        var changes =
            from files in TwoFiles.Any
            from at in Gen.Choose(0, int.MaxValue)
            from to in Gen.Elements("0`,\n\r\t\u0001\u007F.-\"\u00C3".Select(character => (byte)character))
            from layout in Gen.Elements(Enum.GetValues<TwoFiles.Layout>())
            select (files, at, to, layout);
        Prop.ForAll(Arb.From(changes), change =>
        {
            var request = Written(change.files, TwoFiles.Style.Plain, change.layout);
            var bytes = File.ReadAllBytes(request.BillPath);
            bytes[change.at % bytes.Length] = change.to;
            File.WriteAllBytes(request.BillPath, bytes);
            Outcome(() => Compared(request, AllBits, FileReconciler.ThirdCells))
                .ShouldBe(Outcome(() => Answer.Naive(request)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261121, 19));
    }

    [Fact]
    public void Orders_with_changed_bytes_are_refused_as_the_careful_reader_refuses_them()
    {
        var changes =
            from files in TwoFiles.Any
            from style in Gen.Elements(Enum.GetValues<TwoFiles.Style>())
            from places in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), 2)
            from to in Gen.Elements("0,\n\r\u0001.-\"\u00C3".Select(character => (byte)character))
            select (files, style, places, to);
        Prop.ForAll(Arb.From(changes), change =>
        {
            var request = Written(change.files, change.style);
            var bytes = File.ReadAllBytes(request.OrdersPath);
            foreach (var place in change.places)
                bytes[place % bytes.Length] = change.to;
            File.WriteAllBytes(request.OrdersPath, bytes);
            Outcome(() => Compared(request, AllBits, FileReconciler.ThirdCells))
                .ShouldBe(Outcome(() => Answer.Naive(request)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261121, 21));
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\uFFFD")]
    [InlineData("（")]
    public void Characters_that_no_bill_holds_are_told_from_those_that_begin_alike(string character)
    {
        var request = Written(new([new(BillLineKind.Payment, "n1", 1, 0, 0, 0, 600, true)], []), TwoFiles.Style.Plain);
        var bill = File.ReadAllText(request.BillPath, Encoding.UTF8);
        foreach (var place in Enumerable.Range(0, 70))
        {
            var filled = $"{new string('x', place)}咖{character}";
            File.WriteAllText(request.BillPath, bill.Replace("咖", filled, StringComparison.Ordinal));
            Outcome(() => Compared(request, AllBits, FileReconciler.ThirdCells))
                .ShouldBe(Outcome(() => Answer.Naive(request)));
        }
    }

    [Fact]
    public void The_usual_forms_of_files_are_read_fast()
    {
        foreach (var layout in Enum.GetValues<TwoFiles.Layout>())
        {
            var request = Written(new([new(BillLineKind.Payment, "n1", 1, 0, 0, 0, 600, true)], []), default, layout);
            using var scan = BillScan.TryOpen(request, Hash(request));
            using var work = new ScanWork(1, 1);
            scan.ShouldNotBeNull().Scan(0, work, default).ShouldBeTrue();
            scan.TotalsAre([work]).ShouldBeTrue();
        }

        TwoFiles.Style[] unusual = [TwoFiles.Style.QuotedTwice, TwoFiles.Style.Spaced];
        foreach (var style in Enum.GetValues<TwoFiles.Style>().Except(unusual))
        {
            var rows = Enumerable.Range(0, 20).Select(n => new TwoFiles.Row(
                BillLineKind.Payment, $"{style}".Contains("Quoted", StringComparison.Ordinal) ? "a,b" : $"n{n}", n, 0,
                0, 0, 600, true));
            var request = Written(new([], [.. rows]), style);
            using var scan = OrderScan.TryOpen(request, Hash(request));
            using var work = new ScanWork(1, -1);
            scan.ShouldNotBeNull().Scan(0, work, default).ShouldBeTrue();
        }
    }

    private static RowHash Hash(FileReconciliationRequest request) =>
        new(ComparedColumns.Of(request.Mapping), new Random(1).NextBytes);

    [Fact]
    public void Many_rows_in_many_segments_are_found_again()
    {
        var rows = Enumerable.Range(0, 40_000)
            .Select(n => new TwoFiles.Row(BillLineKind.Payment, $"n{n}", n + 1, 0, 0, 0, 600, true)).ToList();
        var files = new TwoFiles(
            [.. rows.Where((_, n) => n % 1_000 != 17)],
            [.. rows.Where((_, n) => n % 1_000 != 18).Select(row => row.Fen % 999 == 0 ? row with { Fee = 1 } : row)]);
        var request = Written(files, TwoFiles.Style.Windows);
        var compared = Compared(request, AllBits, FileReconciler.ThirdCells);
        compared.ShouldBe(Answer.Naive(request));
        compared.Method.ShouldBe("difference sketch");

        // Only the careful reader reads it then, and what differs is found among the rows that it has written down.
        var archive = request with { BillPath = $"{request.BillPath}.gz" };
        using (var packed = new GZipStream(File.Create(archive.BillPath), CompressionMode.Compress))
            packed.Write(File.ReadAllBytes(request.BillPath));
        var unpacked = Compared(archive, 12, FileReconciler.ThirdCells);
        unpacked.ShouldBe(compared);
        unpacked.Method.ShouldBe("difference sketch");
    }

    [Theory]
    [InlineData(200, "difference sketch")]
    [InlineData(2_000, "exact external join: too many differences for the sketch")]
    public void What_one_sketch_cannot_hold_a_larger_one_may(int missing, string method)
    {
        var rows = Enumerable.Range(0, 3_000)
            .Select(n => new TwoFiles.Row(BillLineKind.Payment, $"n{n}", n + 1, 0, 0, 0, 600, true)).ToList();
        var request = Written(new(rows, rows[missing..]), default);
        // Of 192 cells, fewer than differ.
        var compared = Compared(request, AllBits, 64);
        compared.ShouldBe(Answer.Naive(request));
        compared.Method.ShouldBe(method);
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_nothing_behind()
    {
        var request = Written(new([], []), TwoFiles.Style.Plain) with
        {
            DifferencesPath = Path.Combine(folder, "differences.csv"),
        };
        using var stopped = new CancellationTokenSource();
        var progress = new Stop(stopped);
        Should.Throw<OperationCanceledException>(() => FileReconciler.Run(request, progress, stopped.Token));
        Directory.GetFiles(folder).Length.ShouldBe(2);
        Directory.GetFiles(Path.GetTempPath(), TempFile.Prefix + "*").ShouldBeEmpty();
    }

    /// <summary>Somebody who has seen enough at the first sign of progress.</summary>
    private sealed class Stop(CancellationTokenSource source) : IProgress<FileReconciliationProgress>
    {
        public void Report(FileReconciliationProgress value) => source.Cancel();
    }

    private void Check(Action<FileReconciliationRequest, Answer> assert)
    {
        var worlds =
            from files in TwoFiles.Any
            from style in Gen.Elements(Enum.GetValues<TwoFiles.Style>())
            from layout in Gen.Elements(Enum.GetValues<TwoFiles.Layout>())
            select (files, style, layout);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var request = Written(world.files, world.style, world.layout);
            assert(request, Answer.Naive(request));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(80).WithReplay(20261121, 17));
    }

    private FileReconciliationRequest Written(
        TwoFiles files, TwoFiles.Style style, TwoFiles.Layout layout = TwoFiles.Layout.All)
    {
        var request = new FileReconciliationRequest(
            Path.Combine(folder, "bill.csv"), Channel.WeChatPay, Path.Combine(folder, "orders.csv"),
            TwoFiles.MappingOf(style), TwoFiles.Day, null, null, new(FeeMinor: 1));
        files.Write(request.BillPath, request.OrdersPath, style, layout);
        return request;
    }

    private static Answer Compared(FileReconciliationRequest request, int keyBits, int thirdCells)
    {
        var random = new Random(20_261_121);
        var hash = new RowHash(ComparedColumns.Of(request.Mapping), random.NextBytes, keyBits);
        var result = FileReconciler.Run(request, hash, thirdCells, new(null, default));
        result.Theirs.NetMinor.ShouldBe(
            result.Ours.NetMinor + result.ExcessMinor + result.CutOffMinor + result.ToleratedMinor
                + result.UntoldFeeMinor);
        result.Sums.Sum(sum => sum.ExcessMinor).ShouldBe(result.ExcessMinor);
        return new(
            result.Theirs, result.Ours, result.OthersRows, result.Matched, result.Differences.ToValueList())
        { Method = result.Method };
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
