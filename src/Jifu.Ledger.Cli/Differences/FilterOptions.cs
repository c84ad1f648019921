using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Cli.Differences;

/// <summary>Which differences to look at.</summary>
internal sealed class FilterOptions
{
    private static readonly string[] Statuses = ["open", "proposed", "carrying_out", "held", "closed", "taken_back",
        "booked_twice"];

    private readonly Option<string?> _status = OneOf(
        "--status", "otherwise all that need somebody", "STATUS", Statuses);

    private readonly Option<string?> _channel = OneOf(
        "--channel", "otherwise of all channels", "CHANNEL",
        [.. Enum.GetValues<Channel>().Where(known => known != Channel.None).Select(known => known.Name())]);

    private readonly Option<string?> _class = OneOf(
        "--class", "otherwise of all classes", "CLASS", [.. DifferenceClasses.OfTrade, .. DifferenceClasses.OfMoney]);

    private readonly Option<BusinessDay?> _day = Day("--day", "Of one day's bill");

    private readonly Option<BusinessDay?> _asOf = Day(
        "--as-of", "What was in suspense at the end of that business day");

    private readonly Option<int?> _age = new("--older-than-days") { Description = "At least so old", HelpName = "N" };

    /// <param name="ofThePast">Whether it also tells how things stood at the end of an earlier day.</param>
    public void AddTo(Command command, bool ofThePast)
    {
        foreach (var option in new Option[] { _status, _channel, _class, _day, _age })
            command.Add(option);
        if (ofThePast)
            command.Add(_asOf);
    }

    /// <summary>Whether only some are asked for: none of them is not none at all.</summary>
    public bool IsGiven(ParseResult parsed) =>
        new Option[] { _status, _channel, _class, _day, _asOf, _age }.Any(one => parsed.GetResult(one) is not null);

    public string Query(ParseResult parsed, string? after = null)
    {
        (string Name, string? Value)[] all =
        [
            ("status", parsed.GetValue(_status)), ("channel", parsed.GetValue(_channel)),
            ("class", parsed.GetValue(_class)),
            ("day", $"{parsed.GetValue(_day)}"), ("as_of", $"{parsed.GetValue(_asOf)}"),
            ("older_than_days", FormattableString.Invariant($"{parsed.GetValue(_age)}")), ("after", after),
        ];
        var said = all.Where(one => !string.IsNullOrEmpty(one.Value))
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}").ToList();
        return said.Count == 0 ? "" : $"?{string.Join('&', said)}";
    }

    private static Option<string?> OneOf(string name, string otherwise, string helpName, string[] values)
    {
        var option = new Option<string?>(name)
        {
            Description = $"{string.Join(", ", values)}; {otherwise}", HelpName = helpName,
        };
        return option.AcceptOnlyFromAmong(values);
    }

    private static Option<BusinessDay?> Day(string name, string description) => new(name)
    {
        Description = description, CustomParser = Connection.ParseDay, HelpName = "DAY",
    };
}
