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
        Compared(request, AllBits, FileReconciler.ThirdCells).ShouldBe(oracle));

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
            from to in Gen.Elements("0`,\n.-\"\u00C3".Select(character => (byte)character))
            select (files, at, to);
        Prop.ForAll(Arb.From(changes), change =>
        {
            var request = Written(change.files, TwoFiles.Style.Plain);
            var bytes = File.ReadAllBytes(request.BillPath);
            bytes[change.at % bytes.Length] = change.to;
            File.WriteAllBytes(request.BillPath, bytes);
            Outcome(() => Compared(request, AllBits, FileReconciler.ThirdCells))
                .ShouldBe(Outcome(() => Naive(request)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261121, 19));
    }

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
        compared.ShouldBe(Naive(request));
        compared.Method.ShouldBe("difference sketch");
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

    /// <summary>What must be the same, whichever way two files are compared.</summary>
    private sealed record Answer(
        SideTotals Theirs, SideTotals Ours, long Others, long Matched, ValueList<FileDifference> Differences)
    {
        public string Method { get; init; } = "";

        public bool Equals(Answer? other) => other is not null && (Theirs, Ours, Others, Matched, Differences)
            .Equals((other.Theirs, other.Ours, other.Others, other.Matched, other.Differences));

        public override int GetHashCode() => Differences.Count;
    }

    private void Check(Action<FileReconciliationRequest, Answer> assert)
    {
        var worlds =
            from files in TwoFiles.Any
            from style in Gen.Elements(Enum.GetValues<TwoFiles.Style>())
            select (files, style);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var request = Written(world.files, world.style);
            assert(request, Naive(request));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(80).WithReplay(20261121, 17));
    }

    private FileReconciliationRequest Written(TwoFiles files, TwoFiles.Style style)
    {
        var request = new FileReconciliationRequest(
            Path.Combine(folder, "bill.csv"), Channel.WeChatPay, Path.Combine(folder, "orders.csv"), TwoFiles.Mapping,
            TwoFiles.Day, null, null, new(FeeMinor: 1));
        files.Write(request.BillPath, request.OrdersPath, style);
        return request;
    }

    private static Answer Compared(FileReconciliationRequest request, int keyBits, int thirdCells)
    {
        var random = new Random(20_261_121);
        var hash = new RowHash(ComparedColumns.Of(request.Mapping), random.NextBytes, keyBits);
        var result = FileReconciler.Run(request, hash, thirdCells, new(null, default));
        result.Theirs.NetMinor.ShouldBe(
            result.Ours.NetMinor + result.ExcessMinor + result.CutOffMinor + result.ToleratedMinor);
        return new(
            result.Theirs, result.Ours, result.OthersRows, result.Matched, result.Differences.ToValueList())
        { Method = result.Method };
    }

    /// <summary>All rows in memory, by key.</summary>
    private static Answer Naive(FileReconciliationRequest request)
    {
        var (theirs, ours) = (BillSource.Lines(request).ToList(), OrderFile.Lines(request).ToList());
        var counted = ours.Where(line => line.CountsOn(request.Day)).ToList();
        var list = new DifferenceList(request.Day, request.Tolerances!);
        list.Compare(theirs, ours);
        return new(
            theirs.Aggregate(SideTotals.None, (sum, row) => sum + SideTotals.Of(row.Kind, row.Amount, row.Fee)),
            counted.Aggregate(
                SideTotals.None, (sum, line) => sum + SideTotals.Of(line.Kind, line.Amount, line.Fee ?? default)),
            ours.Count - counted.Count, list.Matched, list.Take().ToValueList());
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
