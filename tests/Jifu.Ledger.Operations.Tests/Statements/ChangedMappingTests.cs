using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>A bank that changes what its statements look like, after lines were read by the columns that they had.
/// </summary>
public class ChangedMappingTests
{
    private static readonly StatementMapping Old = new(
        "日期", "yyyy-MM-dd", "utf-8", ",", 0, "时间", "HH:mm", Amount: "金额", Balance: "余额", Reference: "凭证号");

    private static readonly StatementMapping New = Old with { Reference = "流水号" };

    public static TheoryData<string, StatementMapping> Changes => new()
    {
        { "reference", New },
        { "balance", Old with { Balance = "可用余额" } },
        { "time", Old with { TimeFormat = "HH:mm:ss" } },
        { "sign", Old with { Negate = true } },
        { "amount", Old with { Amount = "交易金额" } },
        { "both", Old with { Amount = null, In = "收入", Out = "支出" } },
        { "day and month", Old with { DateFormat = "yyyy-dd-MM" } },
        { "date", Old with { Date = "入账日期" } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_lines_are_known_again_by_does_not_change_without_a_first_day(
        string what, StatementMapping changed)
    {
        await using var house = await House.Open();
        (await Save(house, Old)).ShouldBeNull();
        (await Save(house, changed)).ShouldBeNull(what);
        (await Save(house, Old)).ShouldBeNull();
        (await Import(house, "2026-11-20,09:30,500.00,500.00,500.00,V1,S1")).Imported!.NewRows.ShouldBe(1);
        (await Save(house, changed)).ShouldBe("statement_mapping_in_use", what);
    }

    [Fact]
    public async Task What_does_not_tell_lines_apart_may_change()
    {
        await using var house = await House.Open();
        (await Save(house, Old)).ShouldBeNull();
        (await Import(house, "2026-11-20,09:30,500.00,500.00,500.00,V1,S1")).Imported!.NewRows.ShouldBe(1);
        (await Save(house, Old with
        {
            DateFormat = "yyyy/M/d", TimeFormat = "H:mm", Note = "流水号", SkipLines = 1, Negate = false,
            ChannelWords = "alipay=网商银行",
        })).ShouldBeNull();
    }

    [Fact]
    public async Task A_bank_that_changes_its_columns_is_read_by_them_from_a_first_day_on()
    {
        await using var house = await House.Open();
        (await Save(house, Old)).ShouldBeNull();
        string[] friday = ["2026-11-20,09:30,500.00,500.00,500.00,V1,S1", "2026-11-20,10:00,7.00,507.00,507.00,V2,S2"];
        (await Import(house, friday)).Imported!.NewRows.ShouldBe(2);

        (await Save(house, New with { FirstDay = "2026-11-20" })).ShouldBe("statement_mapping_in_use");
        (await Save(house, New with { FirstDay = "20.11.2026" })).ShouldBe("statement_mapping_invalid");
        (await Save(house, New with { FirstDay = "2026-11-21" })).ShouldBeNull();

        // What overlaps is refused whole, with the row; what begins on that day is read.
        const string Next = "2026-11-21,09:00,1.00,508.00,508.00,V3,S3";
        (await Should.ThrowAsync<StatementRejectedException>(Import(house, [.. friday, Next]))).Message.ShouldBe(
            "s.csv, line 2: statement_before_first_day: expected lines of 2026-11-21 or later, from which on the "
            + "account is read by this mapping, not of 2026-11-20");
        (await Import(house, Next)).Imported!.NewRows.ShouldBe(1);

        // The day stays when something else changes, and moves only beyond what was read by it.
        (await Save(house, New with { Note = "凭证号" })).ShouldBeNull();
        (await house.Statements.Load("icbc", default)).Mapping!.FirstDay.ShouldBe("2026-11-21");
        (await Save(house, New with { FirstDay = "2026-11-20" })).ShouldBe("statement_mapping_in_use");
        (await Save(house, Old with { FirstDay = "2026-11-21" })).ShouldBe("statement_mapping_in_use");
        (await Save(house, Old with { FirstDay = "2026-11-22" })).ShouldBeNull();
        (await Import(house, "2026-11-22,09:30,1.00,509.00,509.00,V4,S4")).Imported!.NewRows.ShouldBe(1);
        await house.CatchUp();
        (await new ReadModels.Statements.StatementQueries(house.Views).Lines(
            new(new(2026, 11, 1)), new(new(2026, 11, 30)), false, default)).Sum(line => line.AmountMinor)
            .ShouldBe(509_00);
        (await new ReadModels.Statements.StatementQueries(house.Views).Mappings(default))["icbc"].Mapping.FirstDay
            .ShouldBe("2026-11-22");
    }

    private static async Task<string?> Save(House house, StatementMapping mapping) =>
        (await house.Statements.Save("icbc", mapping, House.By, default))?.Code;

    private static Task<StatementReport> Import(House house, params string[] rows) => house.Statements.Import(
        "icbc", new ChannelBillFile("s.csv", Encoding.UTF8.GetBytes(
            $"日期,时间,金额,余额,可用余额,凭证号,流水号\n{string.Join('\n', rows)}")), House.By, default);
}
