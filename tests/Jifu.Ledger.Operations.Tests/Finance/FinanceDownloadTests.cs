using System.IO.Compression;
using System.Text;
using Jifu.Ledger.Operations.Finance;

namespace Jifu.Ledger.Operations.Tests.Finance;

public sealed class FinanceDownloadTests(ClosedFriday closed) : IClassFixture<ClosedFriday>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-finance").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_closed_day_ties_out_to_the_fen()
    {
        var report = await Export(_folder);

        report.TieOut.Where(line => !line.Ties).ShouldBeEmpty();
        Path.GetFileName(report.Path).ShouldBe("jifu_finance_2026-11-20_v3.zip");
        Directory.GetFiles(_folder).ShouldBe([report.Path]);
    }

    [Fact]
    public async Task The_files_of_a_day_are_these()
    {
        var report = await Export(_folder);

        await using var zip = await ZipFile.OpenReadAsync(report.Path);
        var told = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            var text = (await reader.ReadToEndAsync()).Replace("\t", "→", StringComparison.Ordinal);
            told.Append($"== {entry.FullName} {entry.LastWriteTime.DateTime:s}\n{text.ReplaceLineEndings("\n")}\n");
        }

        told.ToString().ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public async Task The_same_day_has_the_same_bytes_again_later_and_after_a_rebuild()
    {
        var first = await Export(_folder);
        (await Export(_folder)).AlreadyThere.ShouldBeTrue();

        // Life goes on: none of this counts on Friday.
        await closed.Books.PayOut(ClosedFriday.Friday, "m1");
        await closed.Books.Pay("m4", "S-1", 300, ClosedFriday.Friday.Next.Start.AddHours(8));
        await closed.Books.Project();
        await closed.Books.Rebuild();
        var second = await Export(Path.Combine(_folder, "again"));

        second.AlreadyThere.ShouldBeFalse();
        (await File.ReadAllBytesAsync(second.Path)).ShouldBe(await File.ReadAllBytesAsync(first.Path));
    }

    [Fact]
    public async Task An_export_with_other_bytes_is_an_error_and_leaves_the_file_alone()
    {
        var path = Path.Combine(_folder, FinanceDownload.NameOf(ClosedFriday.Friday));
        await File.WriteAllTextAsync(path, "edited by hand");

        var differs = await Should.ThrowAsync<FinanceFileDiffersException>(() => Export(_folder));

        differs.Message.ShouldStartWith($"{path} exists with other contents");
        (await File.ReadAllTextAsync(path)).ShouldBe("edited by hand");
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public async Task A_day_that_is_not_over_is_not_closed()
    {
        var report = await Write(ClosedFriday.Friday.Next, _folder);

        report.ShouldBeOfType<FinanceReport.DayNotClosed>().Refusal
            .ShouldBe(new Refusal("day_not_closed", "2026-11-21 is not closed: 2026-11-21 day_not_over."));
    }

    [Fact]
    public async Task A_day_stays_open_until_all_of_it_and_all_before_it_is_done()
    {
        await using var books = await Books.Open();
        var story = new StringBuilder();
        async Task Tell(string after, Task step)
        {
            await step;
            await books.Project();
            var report = await new FinanceDownload(books.Views, books.Clock).Write(Books.Friday, _folder, default);
            story.Append($"{after}\n");
            story.Append(report is FinanceReport.DayNotClosed open
                ? string.Concat(open.OpenEnds.Select(end => $"  {end}\n"))
                : "  closed\n");
        }

        await Tell("trade", ClosedFriday.Trade(books));
        await Tell("clear Thursday", books.Clear(Books.Friday.Previous));
        await Tell("clear Friday", books.Clear(Books.Friday));
        await Tell("reconcile Friday before Thursday", books.Reconcile(Books.Friday, 11_859));
        await Tell("receive Friday's funds", books.Receive(Books.Friday, 11_859));
        await Tell("reconcile Thursday", ClosedFriday.ReconcileThursday(books));
        await Tell("receive Thursday's funds", books.Receive(Books.Friday.Previous, 797));

        story.ToString().ShouldMatchApproved(o => o.NoDiff());
    }

    private async Task<FinanceReport.Written> Export(string folder) =>
        (await Write(ClosedFriday.Friday, folder)).ShouldBeOfType<FinanceReport.Written>();

    private Task<FinanceReport> Write(BusinessDay day, string folder) =>
        new FinanceDownload(closed.Books.Views, closed.Books.Clock).Write(day, folder, default);
}
