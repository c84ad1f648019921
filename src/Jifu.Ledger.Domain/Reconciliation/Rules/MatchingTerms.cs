using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>The kinds of rules that finance writes.</summary>
public enum MatchingKind
{
    None = 0,

    /// <summary>A difference so small is none.</summary>
    Tolerance,

    /// <summary>Two words for the same status.</summary>
    Status,

    /// <summary>One line on one side is several on the other.</summary>
    Group,
}

/// <summary>One side of a group: its class of difference and what its keys look like (<see cref="KeyPattern"/>).
/// </summary>
public readonly record struct GroupSide(string Class, string Key);

/// <summary>What a rule says. It is data: an event has it, and a pure function applies it.</summary>
/// <param name="Classes">Of a tolerance: the classes of difference.</param>
/// <param name="Theirs">Of a status: what the channel says.</param>
/// <param name="Ours">Of a status: what we say.</param>
/// <param name="Channel">Null for all channels.</param>
/// <param name="WithinMinor">So many minor units, or</param>
/// <param name="WithinPpm">so many millionths of what our side says, may be missing or too many.</param>
/// <param name="RestTo">The account that takes them: <see cref="AccountKind.ChannelCost"/>,
/// <see cref="AccountKind.DifferenceResult"/> or <see cref="AccountKind.FeeIncome"/>.</param>
/// <param name="One">Of a group: the side with one line.</param>
/// <param name="Many">Of a group: the side with several.</param>
/// <param name="DaysApartMax">Of a group: how many days may lie between its lines.</param>
public sealed record MatchingTerms(
    MatchingKind Kind, ValueList<string> Classes, ValueList<string> Theirs, ValueList<string> Ours,
    Channel? Channel = null, long? WithinMinor = null, long? WithinPpm = null, AccountKind? RestTo = null,
    GroupSide? One = null, GroupSide? Many = null, int? DaysApartMax = null)
{
    private const long PpmMax = 100_000;
    private const int DaysMax = 31;

    private static readonly AccountKind[] Rests =
        [AccountKind.ChannelCost, AccountKind.DifferenceResult, AccountKind.FeeIncome];

    /// <summary>Why no rule can say this; null when one can.</summary>
    public string? Fault => Kind switch
    {
        _ when WithinMinor is < 0 || WithinPpm is < 0 or > PpmMax =>
            $"within_minor is 0 or more, within_ppm 0 to {PpmMax}",
        _ when RestTo is { } to && !Rests.Contains(to) => "rest_to is channel_cost, difference_result or fee_income",
        MatchingKind.Tolerance when Classes is [] => "a tolerance names the classes of difference",
        MatchingKind.Tolerance when !Tolerates || RestTo is null => "a tolerance says within how much, and rest_to",
        MatchingKind.Status when Theirs is [] || Ours is [] =>
            "a status rule lists theirs and ours",
        MatchingKind.Group when One is null || Many is null => "a group has one and many",
        MatchingKind.Group when Tolerates && RestTo is null => "a group with a tolerance says rest_to",
        MatchingKind.Group when DaysApartMax is < 0 or > DaysMax => $"days_apart_max is 0 to {DaysMax}",
        MatchingKind.Group when KeyPattern.Parse(One!.Value.Key) is not { } one
            || KeyPattern.Parse(Many!.Value.Key) is not { } many
            || !one.Names.SequenceEqual(many.Names) => "both keys are patterns with the same names in braces",
        MatchingKind.None => "kind is tolerance, status or group",
        _ => null,
    };

    private bool Tolerates => WithinMinor is > 0 || WithinPpm is > 0;

    /// <summary>True when so much may be left over of an amount.</summary>
    internal bool Allows(long restMinor, long ofMinor) =>
        Int128.Abs(restMinor) <= (WithinMinor ?? 0)
        || Int128.Abs(restMinor) * 1_000_000 <= (WithinPpm ?? 0) * Int128.Abs(ofMinor);

    internal Account Rest(Channel channel) => RestTo switch
    {
        AccountKind.ChannelCost => Account.Cost(channel),
        AccountKind.DifferenceResult => Account.DifferenceResult(channel),
        AccountKind.FeeIncome => Account.FeeIncome,
        _ => throw new InvalidOperationException("A rest without an account is refused before."),
    };
}
