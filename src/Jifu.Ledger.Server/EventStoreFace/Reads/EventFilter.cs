using System.Text.RegularExpressions;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

using Options = ReadReq.Types.Options.Types.FilterOptions;

/// <summary>Which events of $all a client wants, by the name of the stream or the type: those that begin with one of
/// some prefixes, or that a regular expression finds.</summary>
/// <param name="CheckpointEvery">After so many events looked at, a subscriber is told how far it has come; 0 for who
/// only reads.</param>
internal sealed record EventFilter(
    bool ByType, IReadOnlyList<string> Prefixes, Regex? Pattern, long CheckpointEvery)
{
    private const int PrefixesMax = 100;
    private const int PatternLengthMax = 1000;
    private const uint UsualWindow = 32;

    private static readonly TimeSpan MatchMax = TimeSpan.FromMilliseconds(50);

    /// <param name="options">What the client says.</param>
    /// <param name="follows">True for a subscriber. Who reads is told nothing of how far he has come, and need not say
    /// how often: the client for .NET says 0.</param>
    /// <exception cref="EventLog.EventStoreDb.Grpc.GrpcException">It is no filter.</exception>
    public static EventFilter Of(Options options, bool follows)
    {
        var expression = options.FilterCase switch
        {
            Options.FilterOneofCase.StreamIdentifier => options.StreamIdentifier,
            Options.FilterOneofCase.EventType => options.EventType,
            _ => throw FaceRefusals.Invalid("The filter says neither stream nor event type."),
        };
        if (expression.Prefix.Count > PrefixesMax || expression.Prefix.Any(prefix => prefix.Length == 0))
            throw FaceRefusals.Invalid($"A filter has up to {PrefixesMax} prefixes, and none is empty.");
        if (expression.Prefix.Count == 0 && expression.Regex.Length == 0)
            throw FaceRefusals.Invalid("The filter has neither prefixes nor a regular expression.");
        var window = options.WindowCase == Options.WindowOneofCase.Max ? options.Max : UsualWindow;
        if (window == 0 || (follows && options.CheckpointIntervalMultiplier == 0))
            throw FaceRefusals.Invalid("The search window and a subscriber's checkpoint interval are 1 or more.");
        return new(
            options.FilterCase == Options.FilterOneofCase.EventType, [.. expression.Prefix],
            expression.Prefix.Count > 0 ? null : PatternOf(expression.Regex),
            (long)window * options.CheckpointIntervalMultiplier);
    }

    /// <exception cref="EventLog.EventStoreDb.Grpc.GrpcException">The expression takes too long.</exception>
    public bool Admits(RecordedEvent recorded)
    {
        var text = ByType ? recorded.Type : recorded.Stream.ToString();
        if (Pattern is null)
            return Prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));
        try
        {
            return Pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw FaceRefusals.Invalid(
                $"The regular expression takes more than {MatchMax.TotalMilliseconds} ms on {text}.");
        }
    }

    // Without going back it takes no longer than the text is long; only what needs going back may take its time.
    private static Regex PatternOf(string pattern)
    {
        if (pattern.Length > PatternLengthMax)
            throw FaceRefusals.Invalid($"A regular expression has at most {PatternLengthMax} characters.");
        const RegexOptions plain = RegexOptions.CultureInvariant;
        try
        {
            return new(pattern, plain | RegexOptions.NonBacktracking, MatchMax);
        }
        catch (NotSupportedException)
        {
            return new(pattern, plain, MatchMax);
        }
        catch (ArgumentException e)
        {
            throw FaceRefusals.Invalid($"The regular expression does not do: {e.Message}");
        }
    }
}
