using System.Buffers.Binary;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

public class ContainerTests
{
    private static readonly byte[] Bill = Packed.LongBill(300, row => $"茶{row * 7919}");

    public static TheoryData<string> Containers => new("zip", "gzip", "file content");

    [Theory, MemberData(nameof(Containers))]
    public void An_archive_that_was_cut_is_refused_wherever_it_was_cut(string container)
    {
        var whole = In(container);
        Packed.Read(whole).ShouldBe("300 rows");

        var cuts = Enumerable.Range(0, (whole.Length + 63) / 64).Select(cut => whole[..(cut * 64)])
            .Concat(Enumerable.Range(1, 16).Select(less => whole[..^less]));
        cuts.Select(cut => Packed.Read(cut)).Distinct().Where(told => told.EndsWith("rows", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Containers))]
    public void An_archive_with_something_behind_it_is_refused(string container)
    {
        Packed.Read([.. In(container), .. In(container)]).ShouldContain(": bill_");
        Packed.Read([.. In(container), .. "AAAA"u8]).ShouldEndWith("bill_container_damaged");
    }

    [Theory, MemberData(nameof(Containers))]
    public void An_archive_in_an_archive_is_refused(string container)
    {
        Packed.Read(Packed.Zip(("inner", In(container)))).ShouldBe("1: bill_container_nested");
        Packed.Read(Packed.Gzip(In(container))).ShouldBe("1: bill_container_nested");
    }

    [Theory, MemberData(nameof(Containers))]
    public void A_bill_that_grows_a_hundredfold_is_refused_without_memory_for_it(string container)
    {
        var bomb = In(container, Packed.LongBill(60_000, isSame: true));
        bomb.Length.ShouldBeLessThan(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Packed.Read(bomb).ShouldEndWith("bill_container_too_large");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 << 20);
    }

    [Fact]
    public void A_small_bill_may_pack_as_well_as_it_likes() =>
        Packed.Read(Packed.Zip(("bill.csv", Packed.LongBill(4_000)))).ShouldBe("4000 rows");

    [Fact]
    public void An_archive_holds_at_most_a_hundred_entries()
    {
        Packed.Read(Packed.Zip([.. Enumerable.Range(0, 100).Select(Entry)])).ShouldBe("1000 rows");
        Packed.Read(Packed.Zip([.. Enumerable.Range(0, 101).Select(Entry)]))
            .ShouldBe("1: bill_container_too_large");
    }

    [Fact]
    public void A_table_of_contents_that_lies_is_not_read_into_memory()
    {
        var zip = Packed.Zip([.. Enumerable.Range(0, 30_000).Select(entry => ($"{entry}", Array.Empty<byte>()))]);
        Packed.Read(zip).ShouldBe("1: bill_container_too_large");

        // It says that there is one entry; and then, that one entry is all there is.
        BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 12), 1);
        Packed.Read(zip).ShouldBe("1: bill_container_too_large");
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(zip.Length - 10), 47);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Packed.Read(zip).ShouldBe("1: bill_container_damaged");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 << 20);
    }

    [Fact]
    public void All_documents_together_are_bounded()
    {
        var limits = BillLimits.Usual with { BytesMax = (Entry(1).Bill.Length * 2) + 1 };
        Packed.Read(Packed.Zip(Entry(1), Entry(2)), limits).ShouldBe("20 rows");
        Packed.Read(Packed.Zip(Entry(1), Entry(2), Entry(3)), limits).ShouldBe("1: bill_container_too_large");
    }

    [Fact]
    public void An_archive_put_on_disk_is_bounded_and_taken_away()
    {
        var folder = Directory.CreateTempSubdirectory("jifu-bills-");
        var limits = BillLimits.Usual with { SpoolFolder = folder.FullName };
        Packed.Read(In("file content"), limits with { SpoolBytesMax = 1_000 }).ShouldBe("1: bill_container_too_large");
        Packed.Read(In("file content"), limits).ShouldBe("300 rows");
        folder.GetFileSystemInfos().ShouldBeEmpty();
        folder.Delete();
    }

    // A zip of kilobytes whose entries all unpack the same data once more. Without rows they may be the same.
    [Fact]
    public void Entries_that_share_their_bytes_are_counted_each_time()
    {
        byte[] one = [.. Packed.LongBill(0), .. Enumerable.Repeat((byte)'\n', 100_000)];
        var limits = BillLimits.Usual with { BytesMax = one.Length * 4L };
        var zip = Overlapped(Packed.Zip(("bill.csv", one)), 90);

        zip.Length.ShouldBeLessThan(20_000);
        Packed.Read(zip, limits).ShouldBe("1: bill_container_too_large");
    }

    private static (string Name, byte[] Bill) Entry(int account) =>
        ($"{account}", Packed.LongBill(10, account: account));

    private static byte[] In(string container, byte[]? bill = null) => container switch
    {
        "zip" => Packed.Zip(("bill.csv", bill ?? Bill)),
        "gzip" => Packed.Gzip(bill ?? Bill),
        _ => Packed.FileContent(Packed.Zip(("bill.csv", bill ?? Bill))),
    };

    // The same line of the table of contents, many times.
    private static byte[] Overlapped(byte[] zip, ushort times)
    {
        var end = zip[^22..];
        var at = (int)BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        var line = zip[at..^22];
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), times);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), times);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)(line.Length * times));
        return [.. zip[..at], .. Enumerable.Repeat(line, times).SelectMany(each => each), .. end];
    }
}
