using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Journal;

namespace Jifu.Ledger.Operations.Finance;

/// <summary><c>summary.csv</c> (汇总): each account over the day, an empty line, and the tie-out.</summary>
internal static class SummaryFile
{
    public const string Name = "summary.csv";

    public static readonly string[] Headers =
        ["科目代码", "科目名称", "币种", "期初余额（借正贷负）", "借方发生额", "贷方发生额", "期末余额（借正贷负）"];

    private static readonly string[] TieHeaders =
        ["核对项", "说明", "币种", "文件金额", "账务金额", "差额", "结论"];

    public static Sums Write(CsvTable sheet, IReadOnlyList<AccountDay> accounts, IReadOnlyList<TieLine> tieOut)
    {
        var sums = new Sums("opening_minor", "debit_minor", "credit_minor", "closing_minor");
        foreach (var row in accounts)
        {
            sheet.Text(row.Account).Text(Terms.Account(row.Account)).Text(row.Currency)
                .Money(row.OpeningMinor, row.Currency).Money(row.DebitMinor, row.Currency)
                .Money(row.CreditMinor, row.Currency).Money(row.ClosingMinor, row.Currency).EndRow();
            sums.Add(row.Currency, row.OpeningMinor, row.DebitMinor, row.CreditMinor, row.ClosingMinor);
        }

        sheet.Totals(sums, before: 1, after: 0);
        sheet.Blank(Headers.Length);
        sheet.EndExtra();
        sheet.Header(TieHeaders);
        foreach (var line in tieOut)
        {
            var currency = $"{line.Files.Currency}";
            sheet.Text(line.Code).Text(line.What).Text(currency).Money(line.Files.MinorUnits, currency)
                .Money(line.Books.MinorUnits, currency).Money(line.Difference.MinorUnits, currency)
                .Text(line.Ties ? "一致" : "不一致").EndRow();
        }

        return sums;
    }
}
