using System.CommandLine;
using Jifu.Ledger.Cli;
using Jifu.Ledger.Cli.Bills;

var root = new RootCommand("The tools of the Jifu payment ledger.");
root.Add(BillCommand.Create());

var parsed = root.Parse(args);
try
{
    var exitCode = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count == 0 ? exitCode : ExitCodes.Usage;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Usage;
}
