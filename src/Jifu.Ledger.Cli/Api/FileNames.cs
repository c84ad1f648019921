using System.CommandLine;
using System.CommandLine.Parsing;

namespace Jifu.Ledger.Cli.Api;

/// <summary>What the name of a file to read must stand for.</summary>
internal static class FileNames
{
    /// <summary>A file that is there; a folder is none.</summary>
    public static Option<FileInfo> AcceptFiles(this Option<FileInfo> option)
    {
        option.AcceptExistingOnly().Validators.Add(NoFolder);
        return option;
    }

    /// <summary>A file that is there; a folder is none.</summary>
    public static Argument<FileInfo> AcceptFiles(this Argument<FileInfo> argument)
    {
        argument.AcceptExistingOnly().Validators.Add(NoFolder);
        return argument;
    }

    private static void NoFolder(SymbolResult result)
    {
        foreach (var token in result.Tokens.Where(token => Directory.Exists(token.Value)))
            result.AddError($"{token.Value} is a folder; a file is expected.");
    }
}
