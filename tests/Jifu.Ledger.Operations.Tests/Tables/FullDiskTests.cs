using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

/// <summary>A workbook on a disk that is full says so, and nothing else.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(400_000)]
    public void What_the_disk_says_is_what_people_are_told(int room)
    {
        using var disk = new FullDisk(room);
        Should.Throw<IOException>(() =>
        {
            using var book = new WorkbookWriter(disk, DateTimeOffset.UnixEpoch.AddYears(50));
            var table = book.Table("订单", [new("订单号"), new("金额", ColumnKind.Money)]);
            for (var row = 0; row < 200_000; row++)
                table.Text(Guid.NewGuid().ToString()).Money(row, "CNY").EndRow();
            table.Totals();
        }).Message.ShouldBe("No space left on device");
    }

    [Fact]
    public void A_page_that_fails_tells_its_failure_too()
    {
        using var disk = new FullDisk(2_000);
        Should.Throw<IOException>(() =>
        {
            using var book = new WorkbookWriter(disk, DateTimeOffset.UnixEpoch.AddYears(50));
            var page = book.Page("概览", 20);
            for (var row = 0; row < 20_000; row++)
                page.Title(Guid.NewGuid().ToString());
        }).Message.ShouldBe("No space left on device");
    }

    private sealed class FullDisk(int room) : MemoryStream
    {
        private int _room = room;

        public override bool CanSeek => false;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _room -= buffer.Length;
            if (_room < 0)
                throw new IOException("No space left on device");
        }
    }
}
