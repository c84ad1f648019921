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
/// <param name="Where">Of a tolerance or a status: which differences besides.</param>
/// <param name="MembersMax">Of a group: at most so many of the lines belong to the one; which ones, their amounts
/// say.</param>
/// <param name="LeftOutMax">Of a group: all but at most so many of the lines belong to it. Without either, all of them
/// do.</param>
public sealed record MatchingTerms(
    MatchingKind Kind, ValueList<string> Classes, ValueList<string> Theirs, ValueList<string> Ours,
    Channel? Channel = null, long? WithinMinor = null, long? WithinPpm = null, AccountKind? RestTo = null,
    LineTerms? One = null, LineTerms? Many = null, int? DaysApartMax = null, LineTerms? Where = null,
    int? MembersMax = null, int? LeftOutMax = null)
{
    private const long PpmMax = 100_000;
    private const int DaysMax = 31;

    private static readonly AccountKind[] Rests =
        [AccountKind.ChannelCost, AccountKind.DifferenceResult, AccountKind.FeeIncome];

    /// <summary>Why no rule can say this; null when one can.</summary>
    public RuleFault? Fault => Kind switch
    {
        MatchingKind.None => new("kind", "tolerance, status or group"),
        _ when Foreign is { } foreign => foreign,
        _ when WithinMinor is < 0 or > Money.LargestMinorUnits =>
            new("within_minor", $"0 to {Money.LargestMinorUnits}"),
        _ when WithinPpm is < 0 or > PpmMax => new("within_ppm", $"0 to {PpmMax}"),
        _ when RestTo is { } to && !Rests.Contains(to) =>
            new("rest_to", "channel_cost, difference_result or fee_income"),
        MatchingKind.Tolerance when Classes is [] => new("classes", "a list with the classes of difference"),
        MatchingKind.Tolerance when LineTerms.ClassFault("classes", Classes) is { } fault => fault,
        MatchingKind.Tolerance when !Tolerates => new("within_minor", "within_minor or within_ppm, more than 0,"),
        MatchingKind.Tolerance when RestTo is null => new("rest_to", "the account that takes what is tolerated"),
        MatchingKind.Status when Theirs is [] => new("theirs", "a list of what the channel says"),
        MatchingKind.Status when Ours is [] => new("ours", "a list of what we say"),
        MatchingKind.Group => GroupFault,
        _ => Where?.Fault?.Within("where"),
    };

    // What another kind of rule says would be passed over in silence.
    private RuleFault? Foreign => new (string Field, object? Said, bool IsOfKind)[]
    {
        ("classes", FirstOf(Classes), Kind is MatchingKind.Tolerance),
        ("theirs", FirstOf(Theirs), Kind is MatchingKind.Status),
        ("ours", FirstOf(Ours), Kind is MatchingKind.Status),
        ("within_minor", WithinMinor, Kind is not MatchingKind.Status),
        ("within_ppm", WithinPpm, Kind is not MatchingKind.Status),
        ("rest_to", RestTo is { } to ? SnakeCase.Of($"{to}") : null, Kind is not MatchingKind.Status),
        ("one", One?.Class, Kind is MatchingKind.Group), ("many", Many?.Class, Kind is MatchingKind.Group),
        ("days_apart_max", DaysApartMax, Kind is MatchingKind.Group),
        ("members_max", MembersMax, Kind is MatchingKind.Group),
        ("left_out_max", LeftOutMax, Kind is MatchingKind.Group),
    }.Where(one => one.Said is not null && !one.IsOfKind).Select(one => new RuleFault(
        one.Field, FormattableString.Invariant($"none in a rule of {SnakeCase.Of($"{Kind}")}, instead of {one.Said},")))
        .FirstOrDefault();

    private static string? FirstOf(ValueList<string> list) => list is [var first, ..] ? first : null;

    // By what is wrong first when it is read from the top.
    private RuleFault? GroupFault => this switch
    {
        { Where: not null } => new("where", "one and many, which say where, and no where of its own"),
        _ when SideFault(One, "one") is { } fault => fault,
        _ when SideFault(Many, "many") is { } fault => fault,
        _ when !One!.Names.SequenceEqual(Many!.Names) =>
            new("many", $"the same names in braces as one has ({string.Join(", ", One.Names.DefaultIfEmpty("none"))})"),
        { DaysApartMax: < 0 or > DaysMax } => new("days_apart_max", $"0 to {DaysMax}"),
        { MembersMax: < 1 or > SubsetSum.AmountsMax } => new("members_max", $"1 to {SubsetSum.AmountsMax}"),
        { LeftOutMax: < 0 or > SubsetSum.AmountsMax } => new("left_out_max", $"0 to {SubsetSum.AmountsMax}"),
        { MembersMax: not null, LeftOutMax: not null } => new("left_out_max", "either this or members_max"),
        { RestTo: null } when Tolerates => new("rest_to", "the account that takes what is tolerated"),
        _ => null,
    };

    private static RuleFault? SideFault(LineTerms? side, string field) => side switch
    {
        null => new(field, "a side with its class"),
        { Class: "" } => new($"{field}.class", "the class of difference"),
        _ => side.Fault?.Within(field),
    };

    private bool Tolerates => WithinMinor is > 0 || WithinPpm is > 0;

    /// <summary>True when which lines belong to the one is for their amounts to say.</summary>
    internal bool TakesPart => MembersMax is not null || LeftOutMax is not null;

    /// <summary>So much may be left over of an amount, in minor units.</summary>
    internal long Tolerance(long ofMinor) => Math.Max(
        WithinMinor ?? 0, (long)((WithinPpm ?? 0) * Int128.Abs(ofMinor) / 1_000_000));

    /// <summary>True when so much may be left over of an amount.</summary>
    internal bool Allows(long restMinor, long ofMinor) => Int128.Abs(restMinor) <= Tolerance(ofMinor);

    internal Account Rest(Channel channel) => RestTo switch
    {
        AccountKind.ChannelCost => Account.Cost(channel),
        AccountKind.DifferenceResult => Account.DifferenceResult(channel),
        AccountKind.FeeIncome => Account.FeeIncome,
        _ => throw new InvalidOperationException("A rest without an account is refused before."),
    };
}
