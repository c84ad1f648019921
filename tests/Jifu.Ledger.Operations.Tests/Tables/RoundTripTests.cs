using System.Diagnostics;
using System.Text;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

/// <summary>What is written comes back as it was, whatever people put into it.</summary>
public sealed class RoundTripTests
{
    private static readonly Config Repeatable =
        Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 11);

    private static readonly string[] Nasty =
    [
        "=1+1", "\"", "\r", "\n", "\t", ",", "_x", "_x000", "0041_", "_x005F_", "\0", "\a", "'", " ", "金额", "𠮷",
        "\uFFFE", "\u200b", "2026112000000000000123456789", "-1", "@", "<&>", "]]>", "#N/A", "1E5", "\ud800",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(Nasty).ListOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));

    [Fact]
    public void A_workbook_gives_back_each_text() => Check.One(Repeatable, Prop.ForAll(
        Texts.ListOf().ToArbitrary(), texts =>
        {
            using var stream = new MemoryStream();
            using (var book = new WorkbookWriter(stream, DateTimeOffset.UnixEpoch.AddYears(50)))
            {
                var table = book.Table("t", new TableColumn("a"), new TableColumn("b", ColumnKind.Money));
                foreach (var text in texts)
                    table.Text(text).Money(text.Length, "CNY").EndRow();
            }

            using var reader = new WorkbookReader(stream, "t");
            return reader.Rows().Skip(1).Select(row => row[0]).SequenceEqual(texts);
        }));

    // Half a surrogate pair is no text in any encoding of CSV.
    [Fact]
    public void Machine_CSV_gives_back_each_text() => Check.One(Repeatable, Prop.ForAll(
        Texts.Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text).ListOf().ToArbitrary(),
        texts => Read(Csv(texts, CsvProfile.Machine), Encoding.UTF8).SequenceEqual(texts)));

    [Fact]
    public void GB18030_holds_what_GBK_cannot()
    {
        var bytes = Csv(["𠮷㐀茶", "=x"], CsvProfile.Gb18030);

        Read(bytes, Encoding.GetEncoding("GB18030")).ShouldBe(["𠮷㐀茶", "'=x"]);
        bytes[..3].ShouldNotBe(Encoding.UTF8.Preamble.ToArray());
    }

    [LibreOfficeFact]
    public void LibreOffice_shows_a_formula_as_text_and_keeps_every_digit()
    {
        var folder = Directory.CreateTempSubdirectory("jifu-tables-");
        using (var stream = File.Create(Path.Combine(folder.FullName, "t.xlsx")))
        using (var book = new WorkbookWriter(stream, new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)))
            book.Table("t", new("a"), new("b"), new("c", ColumnKind.Money)).Text("=HYPERLINK(\"http://x\",\"y\")")
                .Text("2026112000000000000123456789").Money(123_456_789, "CNY").EndRow();

        using var run = Process.Start(new ProcessStartInfo(LibreOfficeFactAttribute.Found!,
        [
            $"-env:UserInstallation=file://{folder.FullName}/profile", "--headless", "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", folder.FullName, $"{folder.FullName}/t.xlsx",
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        run.WaitForExit();

        File.ReadAllText($"{folder.FullName}/t.csv").ShouldBe(
            "a,b,c\n\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",2026112000000000000123456789,\"1,234,567.89\"\n");
        folder.Delete(recursive: true);
    }

    private static byte[] Csv(IEnumerable<string> texts, CsvProfile profile)
    {
        using var stream = new MemoryStream();
        using (var table = new CsvTable(stream, profile, "a", "b"))
            foreach (var text in texts)
                table.Text(text).Text("x").EndRow();
        return stream.ToArray();
    }

    private static List<string> Read(byte[] csv, Encoding encoding)
    {
        var texts = new List<string>();
        using var reader = CsvReader.Create(new StreamReader(new MemoryStream(csv), encoding), CsvReaderOptions.Default
            with { Separator = ',' });
        while (reader.Read())
            texts.Add(reader.GetString(0));
        return texts;
    }
}

/// <summary>A fact that is skipped, and said to be, where there is no LibreOffice. The tests of the raw XML say much of
/// the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibreOfficeFactAttribute : FactAttribute
{
    public LibreOfficeFactAttribute()
    {
        if (Found is null)
            Skip = "There is no libreoffice on the PATH.";
    }

    public static string? Found => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, "libreoffice")).FirstOrDefault(File.Exists);
}
