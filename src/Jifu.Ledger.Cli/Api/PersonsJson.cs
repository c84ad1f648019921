using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Api;

/// <summary>A JSON file that a person has written: a rule, a mapping.</summary>
internal static class PersonsJson
{
    /// <exception cref="CommandFailedException">It is none; says file, line and column, and what is expected
    /// there.</exception>
    public static async Task<WrittenJson> Read(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            return WrittenJson.Read(file.Name, await File.ReadAllBytesAsync(file.FullName, cancellation));
        }
        catch (InvalidDataException wrong)
        {
            throw new CommandFailedException(ExitCodes.Usage, wrong.Message);
        }
    }
}
