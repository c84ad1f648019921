using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>Finds out which column of an order export is what: from a file, or by a guess that a person sees before
/// anything is done with it.</summary>
internal static class OrderChoice
{
    /// <exception cref="CommandFailedException">Nobody can tell; says what to write.</exception>
    public static OrderMapping Of(OfflineRequest request, string ordersPath, BillSample bill)
    {
        var mapping = request.Mapping is { } file ? Read(file) : Guess(request, ordersPath, bill);
        if (request.SaveMapping is { } save)
        {
            File.WriteAllText(save.FullName, MappingFile.Write(mapping));
            Terminal.Errors.MarkupLineInterpolated($"Saved as {save.Name}; next time: --mapping {save.Name}");
        }

        return mapping;
    }

    private static OrderMapping Read(FileInfo file)
    {
        try
        {
            return MappingFile.Read(file.FullName);
        }
        catch (InvalidDataException wrong)
        {
            throw new CommandFailedException(ExitCodes.Usage, wrong.Message);
        }
    }

    private static OrderMapping Guess(OfflineRequest request, string ordersPath, BillSample bill)
    {
        var orders = OrderSample.Read(ordersPath) with { FileName = request.Orders.Name };
        var guess = MappingGuess.Of(orders, bill, request.Map);
        Show(orders, guess);
        if (guess.Mapping is { } mapping && guess.Doubts.Count == 0)
            return request.Yes || Console.IsInputRedirected || Console.IsErrorRedirected
                || Terminal.Errors.Confirm("Compare by these columns?")
                ? mapping
                : throw new CommandFailedException(ExitCodes.Usage, Advice(request, guess.Mapping));
        foreach (var doubt in guess.Doubts)
            Terminal.Errors.MarkupLineInterpolated($"[yellow]? {doubt}[/]");
        throw new CommandFailedException(ExitCodes.Usage, Advice(request, guess.Mapping));
    }

    private static void Show(OrderSample orders, MappingGuess guess)
    {
        var table = new Table().Border(TableBorder.Simple).Title(new TableTitle(
            Markup.Escape($"{orders.FileName}, {(orders.Encoding is OrderEncoding.Gb18030 ? "GB18030" : "UTF-8")}")));
        table.AddColumn("field").AddColumn("your column").AddColumn("example").AddColumn("why");
        foreach (var field in guess.Fields)
            table.AddRow(
                Markup.Escape(MappingWords.Name(field.Field)), Markup.Escape(field.Column ?? "-"),
                Markup.Escape(Short(field.Example)), Markup.Escape(field.Why));
        Terminal.Errors.Write(table);
    }

    private static string Advice(OfflineRequest request, OrderMapping? guessed)
    {
        if (guessed is null)
            return "Nothing was compared. Name the columns, for instance: --map number=订单号 --map amount=实付金额";
        if (request.SaveMapping is not { } file)
            return "Nothing was compared. Name single columns by --map FIELD=HEADING, or write down this guess by "
                + "--save-mapping FILE, correct it and come back with --mapping FILE.";
        // What was found so far is the best start for the file that is missing.
        File.WriteAllText(file.FullName, MappingFile.Write(guessed));
        return $"Nothing was compared. Correct {file.Name}, which has what was guessed, and say --mapping {file.Name}.";
    }

    private static string Short(string example) => example.Length <= 32 ? example : $"{example[..31]}…";
}
