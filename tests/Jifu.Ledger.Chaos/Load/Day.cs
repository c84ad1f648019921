using System.Globalization;
using Jifu.Ledger.Chaos.Stage;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>The business day in which the shops have sold, brought to its end.</summary>
internal static class Day
{
    /// <summary>Lets the day end, and closes it.</summary>
    /// <returns>The day, as <c>yyyy-MM-dd</c>.</returns>
    /// <exception cref="InvalidOperationException">It does not close.</exception>
    public static async Task<string> Close(House house)
    {
        var day = (await house.Street.AsOperator("GET", "/v1/sandbox/clock"))["business_day"]!;
        await house.Books.CaughtUp();
        var next = DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(1);
        var moved = await house.Street.AsOperator(
            "POST", "/v1/sandbox/clock", new { advance_to = $"{next:yyyy-MM-dd}T01:30:00+08:00" });
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var closed = await house.Street.AsOperator("POST", $"/v1/ops/days/{day}/close");
            if (closed.Ok && (await Finance(house, day)).Status is 200 or 507)
                return day;
            await Task.Delay(1_000);
        }

        var open = await Finance(house, day);
        throw new InvalidOperationException(
            $"{day} does not close: {moved}, {System.Text.Encoding.UTF8.GetString(open.Content)}");
    }

    public static Task<Reply> Finance(House house, string day) =>
        house.Street.AsOperator("GET", $"/v1/ops/days/{day}/finance");
}
