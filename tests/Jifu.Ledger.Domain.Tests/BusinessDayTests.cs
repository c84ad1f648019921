namespace Jifu.Ledger.Domain.Tests;

/// <summary>A day is Beijing's, from midnight to midnight.</summary>
public class BusinessDayTests
{
    [Theory]
    [InlineData("2026-11-20T15:59:59.9999999Z", "2026-11-20")]
    [InlineData("2026-11-20T16:00:00Z", "2026-11-21")]
    [InlineData("2026-11-20T00:00:00+08:00", "2026-11-20")]
    [InlineData("2026-11-19T23:59:59-08:00", "2026-11-20")]
    public void A_day_ends_at_midnight_in_Beijing(string instant, string day) =>
        $"{BusinessDay.Of(DateTimeOffset.Parse(instant, null))}".ShouldBe(day);

    [Theory]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-02-29", false)]
    [InlineData("20261120", false)]
    [InlineData("2026-11-20 ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_day_is_read_in_one_form_only(string? text, bool valid)
    {
        BusinessDay.TryParse(text, out var day).ShouldBe(valid);
        if (valid)
            $"{day}".ShouldBe(text);
    }

    [Fact]
    public void Days_follow_each_other()
    {
        var day = Given.Friday;
        day.Next.Previous.ShouldBe(day);
        BusinessDay.Of(day.Start).ShouldBe(day);
        BusinessDay.Of(day.Start.AddTicks(-1)).ShouldBe(day.Previous);
        (day < day.Next).ShouldBeTrue();
        (day >= day.Next).ShouldBeFalse();
    }
}
