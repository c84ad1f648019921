namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>What movements of our bank account are called, among what is expected of the bank and what was booked:
/// <c>funds:wechatpay:2026-11-20</c>.</summary>
/// <remarks>Lines are matched with these names in the log, and the views' SQL writes the same ones: add some, never
/// change any.</remarks>
public static class BankMovement
{
    private const string FundsKind = "funds", ReturnedKind = "returned:";

    /// <summary>The booking of a day's money, as <see cref="OfBooking"/> takes it.</summary>
    public const string FundsBooking = FundsKind;

    /// <summary>The booking of a rest of a day's money, by its number.</summary>
    public static string RestBooking(int number) => FormattableString.Invariant($"rest:{number}");

    /// <summary>The booking of a withdrawal, by its number.</summary>
    public static string WithdrawalBooking(string number) => $"withdrawal:{number}";

    /// <summary>A channel's money of a day.</summary>
    public static string Funds(Channel channel, BusinessDay day) => OfBooking(channel, day, FundsBooking);

    /// <summary>A rest of it.</summary>
    public static string Rest(Channel channel, BusinessDay day, int number) =>
        OfBooking(channel, day, RestBooking(number));

    /// <summary>A withdrawal (提现) that a channel's fund flow of a day tells.</summary>
    public static string Withdrawal(Channel channel, BusinessDay day, string number) =>
        OfBooking(channel, day, WithdrawalBooking(number));

    /// <summary>What the booking of a channel's day is by.</summary>
    public static string OfBooking(Channel channel, BusinessDay day, string booking)
    {
        ArgumentNullException.ThrowIfNull(booking);
        var named = booking.Split(':', 2);
        return $"{named[0]}:{channel.Name()}:{day}{(named is [_, var number] ? $":{number}" : "")}";
    }

    /// <summary>A payout, by its settlement.</summary>
    public static string Settlement(string id) => $"settlement:{id}";

    /// <summary>A payout that came back (退汇), by the number of the attempt.</summary>
    public static string Returned(string reference) => $"{ReturnedKind}{reference}";

    public static bool IsReturned(string movement)
    {
        ArgumentNullException.ThrowIfNull(movement);
        return movement.StartsWith(ReturnedKind, StringComparison.Ordinal);
    }

    /// <summary>What a line is beyond all that, in a person's words.</summary>
    public static string Explained(string line) => $"explained:{line}";

    /// <summary>Whose money of which day it is; null for any other movement.</summary>
    public static (Channel Channel, BusinessDay Day)? FundsIn(string movement)
    {
        ArgumentNullException.ThrowIfNull(movement);
        return movement.Split(':') is [FundsKind, var channel, var day] && BusinessDay.TryParse(day, out var known)
            ? (ChannelNames.Parse(channel), known)
            : null;
    }
}
