using System.CommandLine;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Cli.Api;

/// <summary>How commands reach the server: as the operator, at the address that the server has written down or that
/// <c>--server</c> says.</summary>
internal static class Connection
{
    public static Option<Uri?> ServerOption() => new("--server")
    {
        Description = "Where the server is; otherwise the one that ./scripts/run started", HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                return uri;
            result.AddError($"{result.Tokens[0].Value} is no http address.");
            return null;
        },
    };

    // A server that is being started again is there in seconds.
    private static readonly TimeSpan ShortWhile = TimeSpan.FromSeconds(10);

    /// <param name="patience">For how long to wait for a server that is away; ten seconds unless given.</param>
    /// <param name="answer">For how long to wait for an answer; a hundred seconds unless given.</param>
    public static ApiClient AsOperator(Uri? server, TimeSpan? patience = null, TimeSpan? answer = null) =>
        As(HomeFiles.Default, home => home.Operator(), server, patience, answer);

    /// <summary>Whose key signs: of those who must not be one person, each has a file of their own.</summary>
    public static Option<FileInfo> KeyOption() => KeyOption("operator.json");

    /// <summary>Whose key reads: where servers and their keys are elsewhere, no home folder has one.</summary>
    public static Option<FileInfo> ReadingKeyOption() => KeyOption("auditor.json, or operator.json");

    /// <summary>As the operator whose key is in a file; without one, as the home folder's.</summary>
    public static ApiClient AsOperator(FileInfo? key, Uri? server, TimeSpan? answer = null) => key is null
        ? AsOperator(server, answer: answer)
        : As(HomeFiles.Default, _ => HomeFiles.KeyIn(key.FullName), server, null, answer);

    /// <summary>The same as somebody who only reads: with <c>auditor.json</c> where there is one.</summary>
    public static ApiClient AsAuditor(Uri? server, TimeSpan? patience = null, TimeSpan? answer = null) =>
        As(HomeFiles.Default, home => home.Auditor(), server, patience, answer);

    /// <summary>The same with the key of a file; without one, with the home folder's.</summary>
    public static ApiClient AsAuditor(FileInfo? key, Uri? server) => key is null
        ? AsAuditor(server)
        : As(HomeFiles.Default, _ => HomeFiles.KeyIn(key.FullName), server, null, null);

    private static Option<FileInfo> KeyOption(string otherwise)
    {
        var option = new Option<FileInfo>("--key")
        {
            Description = $"Your own key, as jifu keys create printed it; otherwise the home folder's {otherwise}",
            HelpName = "FILE",
        };
        option.AcceptFiles();
        return option;
    }

    private static ApiClient As(
        HomeFiles home, Func<HomeFiles, OperatorFile> keyOf, Uri? server, TimeSpan? patience, TimeSpan? answer)
    {
        var key = keyOf(home);
        if (server is null && home.Server() is null)
            throw new CommandFailedException(
                ExitCodes.Unreachable, "No server runs here: start ./scripts/run, or say where it is with --server.");
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            Timeout = answer ?? TimeSpan.FromSeconds(100),
        };
        return new(
            home, server,
            RequestSigner.Hmac(key.KeyId, Convert.FromBase64String(key.Secret), TimeProvider.System), http,
            patience ?? ShortWhile);
    }

    /// <summary>A business day as an argument or option.</summary>
    public static BusinessDay? ParseDay(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (BusinessDay.TryParse(result.Tokens[0].Value, out var day))
            return day;
        result.AddError($"{result.Tokens[0].Value} is no day; write yyyy-MM-dd.");
        return null;
    }
}
