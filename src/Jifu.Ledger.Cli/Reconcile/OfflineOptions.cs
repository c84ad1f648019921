using System.CommandLine;
using System.CommandLine.Parsing;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>What somebody wants to be compared without a server.</summary>
/// <param name="Channel">Null when the bill's content tells.</param>
/// <param name="Day">Null when the bill's content tells, or when whole files are compared.</param>
/// <param name="Map">Headings that were named for fields.</param>
internal sealed record OfflineRequest(
    Channel? Channel, FileInfo Bill, FileInfo Orders, BusinessDay? Day, bool Whole, string? Folder, bool Force,
    FileInfo? Mapping, IReadOnlyDictionary<string, string> Map, FileInfo? SaveMapping, bool Yes, bool Json,
    CsvProfile Profile, bool? Rows, long TolerateAmountMinor, long TolerateFeeMinor, string? Merchant = null);

/// <summary>The options of <c>jifu reconcile</c> that need no server.</summary>
internal sealed class OfflineOptions
{
    private static readonly string[] Fields =
        [
        "number", "refund_number", "amount", "unit", "refunded", "kind", "fee", "status", "at", "reference", "merchant",
    ];

    private readonly Option<string> _folder = new("--out")
    {
        Description = "The folder for the report; without it only the result is shown", HelpName = "FOLDER",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Write into a folder that is not empty, over files of the same names",
    };

    private readonly Option<FileInfo> _mapping = new Option<FileInfo>("--mapping")
    {
        Description = "Which column is what, as --save-mapping wrote it", HelpName = "FILE",
    }.AcceptFiles();

    private readonly Option<string[]> _map = new("--map")
    {
        Description = $"Name one column instead of guessing it: --map amount=实付金额; fields: {string.Join(", ", Fields)}",
        HelpName = "FIELD=HEADING",
    };

    private readonly Option<FileInfo> _saveMapping = new("--save-mapping")
    {
        Description = "Write down what was guessed, to look at, change and use again", HelpName = "FILE",
    };

    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask whether the guess is right" };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Answer in JSON on standard output; amounts in fen",
    };

    private readonly Option<string> _profile = new Option<string>("--csv-profile")
    {
        Description = "For whom differences.csv is", DefaultValueFactory = _ => "excel", HelpName = "PROFILE",
    }.AcceptOnlyFromAmong("machine", "excel", "gb18030");

    private readonly Option<bool?> _rows = new("--rows")
    {
        Description = "All rows of both files in the workbook, too; otherwise up to 100,000, --rows false for none",
    };

    private readonly Option<bool> _whole = new("--whole")
    {
        Description = "Compare whole files, whatever days their rows are of",
    };

    private readonly Option<string?> _merchant = new("--merchant")
    {
        Description = "Refuse the bill unless every row is of this merchant number at the channel; orders of others "
            + "are not expected in it",
        HelpName = "NUMBER",
    };

    private readonly Option<long> _tolerateAmount = new("--tolerate-amount")
    {
        Description = "Let amounts pass that differ by so many fen", HelpName = "FEN",
    };

    private readonly Option<long> _tolerateFee = new("--tolerate-fee")
    {
        Description = "Let fees pass that differ by so many fen", HelpName = "FEN",
    };

    public OfflineOptions()
    {
        _map.Validators.Add(CheckMap);
        _tolerateAmount.Validators.Add(CheckTolerance);
        _tolerateFee.Validators.Add(CheckTolerance);
    }

    public Option<FileInfo> Orders { get; } = new Option<FileInfo>("--orders")
    {
        Description = "Your order export, CSV or Excel: compares two files, without any server", HelpName = "FILE",
    }.AcceptFiles();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            Orders, _folder, _force, _mapping, _map, _saveMapping, _yes, _json, _profile, _rows, _whole,
            _merchant, _tolerateAmount, _tolerateFee,
        })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_mapping) is not null && result.GetResult(_map) is not null)
                result.AddError("--map names columns for the guess, and --mapping has all of them: correct the file, "
                    + "or leave one of both out.");
        });
    }

    public OfflineRequest Ask(ParseResult parsed, Channel? channel, FileInfo bill, FileInfo orders, BusinessDay? day) =>
        new(channel, bill, orders, day, parsed.GetValue(_whole), parsed.GetValue(_folder), parsed.GetValue(_force),
            parsed.GetValue(_mapping), Map(parsed.GetValue(_map) ?? []), parsed.GetValue(_saveMapping),
            parsed.GetValue(_yes), parsed.GetValue(_json), Enum.Parse<CsvProfile>(parsed.GetValue(_profile)!, true),
            parsed.GetValue(_rows), parsed.GetValue(_tolerateAmount), parsed.GetValue(_tolerateFee),
            parsed.GetValue(_merchant));

    private static Dictionary<string, string> Map(string[] pairs) =>
        pairs.Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static void CheckTolerance(OptionResult result)
    {
        if (result.Tokens is [var fen] && fen.Value.StartsWith('-'))
            result.AddError($"{result.Option.Name} {fen.Value}: 0 fen or more are expected.");
    }

    private static void CheckMap(OptionResult result)
    {
        var pairs = result.Tokens.Select(token => token.Value.Split('=', 2)).ToList();
        foreach (var pair in pairs)
            if (pair.Length < 2 || !Fields.Contains(pair[0]) || (pair[0] == "unit" && pair[1] is not ("yuan" or "fen")))
                result.AddError($"--map {string.Join('=', pair)}: FIELD=HEADING is expected, FIELD one of "
                    + $"{string.Join(", ", Fields)}; unit is yuan or fen.");
        if (pairs.Select(pair => pair[0]).Distinct().Count() < pairs.Count)
            result.AddError("--map names one field twice.");
    }
}
