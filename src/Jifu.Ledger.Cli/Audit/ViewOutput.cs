using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Where the rows of a read model go.</summary>
internal interface IViewOutput
{
    void Begin(JsonNode view);

    void Row(JsonObject row);

    /// <param name="more">True when there are rows beyond the limit.</param>
    void End(bool more);
}

/// <summary>One JSON document.</summary>
internal sealed class ViewJson(TextWriter output) : IViewOutput
{
    private bool _any;

    public void Begin(JsonNode view) => output.Write(
        $"{{\"view\":{view["name"]!.ToJsonString()},\"as_of\":{view["as_of"]?.ToJsonString() ?? "null"},"
        + $"\"columns\":{view["columns"]!.ToJsonString(Answer.Compact)},\"rows\":[");

    public void Row(JsonObject row)
    {
        output.Write((_any ? ",\n" : "\n") + row.ToJsonString(Answer.Compact));
        _any = true;
    }

    public void End(bool more) => output.WriteLine($"{(_any ? "\n" : "")}],\"more\":{(more ? "true" : "false")}}}");
}

/// <summary>CSV as RFC 4180 writes it. Text that a spreadsheet would take for a formula begins with an
/// apostrophe.</summary>
internal sealed class ViewCsv(TextWriter output) : IViewOutput
{
    private List<string> _columns = [];

    public void Begin(JsonNode view)
    {
        _columns = [.. view["columns"]!.AsArray().Select(column => column!.Text("name"))];
        Line(_columns.Select(Quoted));
    }

    public void Row(JsonObject row) => Line(_columns.Select(name => Cell(row[name])));

    public void End(bool more)
    {
        if (more)
            Console.Error.WriteLine("There are more rows: --limit COUNT.");
    }

    private void Line(IEnumerable<string> cells) => output.Write(string.Join(',', cells) + "\r\n");

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Quoted(Harmless(text.GetValue<string>())),
        _ => Quoted(value.ToJsonString(Answer.Compact)),
    };

    private static string Harmless(string text) => text.TrimStart() is ['=' or '+' or '-' or '@' or '\t' or '\0', ..]
        ? $"'{text}"
        : text;

    private static string Quoted(string text) => text.AsSpan().ContainsAny("\",\r\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}

/// <summary>A table for people, or where it is too wide for them a block for each row. Amounts in yuan.</summary>
internal sealed class ViewTable(TextWriter output, Ink ink, int width) : IViewOutput
{
    private readonly List<JsonObject> _rows = [];
    private HashSet<string> _moments = [];
    private JsonNode _view = null!;

    public void Begin(JsonNode view) => _view = view;

    public void Row(JsonObject row) => _rows.Add(row);

    public void End(bool more)
    {
        var names = _view["columns"]!.AsArray().Select(column => column!.Text("name")).ToArray();
        _moments = [.. _view["columns"]!.AsArray()
            .Where(column => column!.Text("type").StartsWith("timestamp", StringComparison.Ordinal))
            .Select(column => column!.Text("name"))];
        var table = new Columns(ink, [.. names.Select(name => IsAmount(name) ? $"{Short(name)}>" : name)]);
        foreach (var row in _rows)
            table.Add([.. names.Select(name => Told(name, row))]);
        output.WriteLine(
            $"{ink.Bold(_view.Text("name"))}{(_view["as_of"] is { } asOf ? $" as of position {asOf}" : " now")}");
        if (_rows.Count > 0 && table.Width <= width)
            table.Write(output);
        else
            Blocks(names);
        output.WriteLine(ink.Dim(more
            ? $"rows: the first {Answer.Count(_rows.Count)}; --limit COUNT for more, --where column=value for fewer"
            : $"rows: {Answer.Count(_rows.Count)}"));
    }

    private void Blocks(string[] names)
    {
        var cells = names.Select(name => Ink.Width(Short(name))).Max();
        foreach (var row in _rows)
        {
            foreach (var name in names)
                output.WriteLine($"  {ink.Dim(Ink.Left(Short(name), cells))}  {Told(name, row)}");
            output.WriteLine();
        }
    }

    private static bool IsAmount(string name) => name.EndsWith("_minor", StringComparison.Ordinal);

    private static string Short(string name) => IsAmount(name) ? name[..^"_minor".Length] : name;

    private string Told(string name, JsonObject row) => row[name] switch
    {
        null => "–",
        JsonValue value when IsAmount(name) && value.TryGetValue<long>(out var minor) =>
            Answer.Amount(minor, (string?)row["currency"] ?? nameof(Currency.CNY)),
        _ when _moments.Contains(name) => row.Time(name),
        var value => Ink.Plain($"{value}"),
    };
}
