using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Files of which a sketch cannot say what differs, joined exactly: the list must be that of a join in memory,
/// byte for byte.</summary>
public sealed class ExternalJoinTests : IDisposable
{
    private const int AllBits = 61;
    private const string TooMany = "exact external join: too many differences for the sketch";

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-exact-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(AllBits, 17)]
    [InlineData(AllBits, 18)]
    [InlineData(2, 19)]
    public void Any_two_files_are_listed_as_a_join_in_memory_lists_them(int keyBits, int seed)
    {
        var worlds =
            from files in TwoFiles.Any
            from style in Gen.Elements(Enum.GetValues<TwoFiles.Style>())
            from layout in Gen.Elements(Enum.GetValues<TwoFiles.Layout>())
            from merchant in Gen.Elements(null, "1900")
            from kept in Gen.Choose(0, 40)
            select (files, style, layout, merchant, kept);
        Prop.ForAll(Arb.From(worlds), world =>
        {
            var request = Written(world.files, world.style, world.layout) with
            {
                Merchant = world.merchant, KeptMax = world.kept,
            };
            // A bill of other merchants is refused, and that is tested elsewhere.
            if (world.merchant is null || world.files.Theirs.All(row => row.Merchant == 0))
                IsListedAsInMemory(request, keyBits);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20261122, (ulong)((seed * 2) + 1)));
    }

    [Theory]
    [InlineData("every amount differs")]
    [InlineData("no orders")]
    [InlineData("no bill")]
    [InlineData("each row twice")]
    [InlineData("each order twice")]
    [InlineData("other order")]
    public void Where_nearly_all_rows_differ_the_list_is_in_order(string what)
    {
        // Several parts, and several ranges of places.
        var rows = Enumerable.Range(0, 40_000)
            .Select(n => new TwoFiles.Row(
                n % 20 == 7 ? BillLineKind.Refund : BillLineKind.Payment, $"n{n}", n + 1, n % 3, 0, 0, 600, true))
            .ToList();
        var files = what switch
        {
            "every amount differs" =>
                new TwoFiles(rows, [.. rows.Select(row => row with { Fen = row.Fen + 1, Fee = 9 })]),
            "no orders" => new(rows, []),
            "no bill" => new([], rows),
            "each row twice" => new([.. rows, .. rows], rows),
            "each order twice" => new(rows, [.. rows.SelectMany(row => new[] { row, row })]),
            _ => new(rows, [.. Enumerable.Reverse(rows).Select((row, n) => row with { Fen = row.Fen + (n % 2) })]),
        };
        var request = Written(files, TwoFiles.Style.Windows);
        IsListedAsInMemory(request, AllBits).ShouldBe(TooMany);

        // Only the careful reader reads it then.
        var archive = request with { BillPath = $"{request.BillPath}.gz" };
        using (var packed = new GZipStream(File.Create(archive.BillPath), CompressionMode.Compress))
            packed.Write(File.ReadAllBytes(request.BillPath));
        IsListedAsInMemory(archive, AllBits).ShouldBe(TooMany);
    }

    [Fact]
    public void Rows_of_sums_count_nowhere_however_many()
    {
        var rows = Enumerable.Range(0, 500)
            .Select(n => new TwoFiles.Row(BillLineKind.Payment, $"n{n}", n + 1, 0, 0, 0, 600, true)).ToList();
        var request = Written(new(rows, rows), TwoFiles.Style.Plain);
        var lines = File.ReadAllLines(request.OrdersPath);
        File.WriteAllLines(
            request.OrdersPath,
            lines.SelectMany((line, n) => n % 5 == 4 ? [line, $"小计,支付,{n}.00,0.00,成功,,,"] : new[] { line }));

        var result = Run(request, AllBits, 1);
        (result.Ours.Rows, result.OthersRows, result.DifferenceCount).ShouldBe((500, 100, 0));
        result.Method.ShouldBe(TooMany);
        var summed = FileReconciler.Run(request);
        (summed.Ours, summed.OthersRows, summed.DifferenceCount).ShouldBe((result.Ours, 100, 0));
        summed.Method.ShouldBe("difference sketch");
    }

    // Returns how it was compared.
    private static string IsListedAsInMemory(FileReconciliationRequest request, int keyBits)
    {
        var naive = Answer.Naive(request);
        var result = Run(request, keyBits, 1);
        new Answer(result.Theirs, result.Ours, result.OthersRows, result.Matched, naive.Differences).ShouldBe(naive);
        result.Differences.ShouldBe(naive.Differences.Take(request.KeptMax));
        result.DifferenceCount.ShouldBe(naive.Differences.Count);
        var tally = new DifferenceTally(request.KeptMax);
        foreach (var difference in naive.Differences)
            tally.Add(difference);
        result.Sums.Select(Said).ShouldBe(tally.Sums.Select(Said));
        var expected = $"{request.DifferencesPath}.expected";
        DifferenceFile.Write(expected, _ => { }, naive.Differences);
        File.ReadAllBytes(request.DifferencesPath!).ShouldBe(File.ReadAllBytes(expected));
        return result.Method;

        static string Said(DifferenceSum sum) =>
            $"{sum.Class} {sum.Merchant} {sum.Count} {sum.ExcessMinor} {sum.AbsoluteMinor}";
    }

    private static FileReconciliationResult Run(FileReconciliationRequest request, int keyBits, int thirdCells)
    {
        var random = new Random(20_261_122);
        var hash = new RowHash(ComparedColumns.Of(request.Mapping), random.NextBytes, keyBits);
        return FileReconciler.Run(request, hash, thirdCells, new(null, default));
    }

    private FileReconciliationRequest Written(
        TwoFiles files, TwoFiles.Style style, TwoFiles.Layout layout = TwoFiles.Layout.All)
    {
        var request = new FileReconciliationRequest(
            Path.Combine(folder, "bill.csv"), Channel.WeChatPay, Path.Combine(folder, "orders.csv"),
            TwoFiles.MappingOf(style), TwoFiles.Day, null, Path.Combine(folder, "differences.csv"), new(FeeMinor: 1));
        files.Write(request.BillPath, request.OrdersPath, style, layout);
        return request;
    }
}
