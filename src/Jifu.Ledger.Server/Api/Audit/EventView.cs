using System.Text.Json;
using System.Text.Unicode;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Server.Api.Payments;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>One line of an entry; a positive amount debits the account, a negative one credits it.</summary>
internal sealed record PostingView(string Account, long Amount, Currency Currency);

/// <summary>The entry that an event makes in the journal.</summary>
internal sealed record EntryView(string Rule, BusinessDay Day, IReadOnlyList<PostingView> Lines)
{
    public static EntryView Of(JournalEntry entry) => new(
        entry.Rule, entry.Day,
        [.. entry.Lines.Select(line => new PostingView(
            line.Account.ToString(), line.Amount.MinorUnits, line.Amount.Currency))]);
}

/// <summary>An event as it stands in the log.</summary>
/// <param name="Payload">Its JSON, untouched; absent when the bytes are none.</param>
/// <param name="PayloadBase64">The bytes that are no JSON.</param>
/// <param name="Trouble">Why this program cannot read the event; absent when it can.</param>
/// <param name="Entry">What it posts; absent when it moves no money.</param>
internal sealed record EventView(
    long Position, string Stream, long Version, Guid EventId, string Type, DateTimeOffset RecordedAt, string Actor,
    string CorrelationId, string? CausationId, JsonElement? Payload, string? PayloadBase64, string? Trouble,
    EntryView? Entry)
{
    // Ours have five levels, and an answer may have sixteen.
    private const int PayloadDepthMax = 10;

    public static EventView Of(RecordedEvent recorded, EventCodec codec)
    {
        var payload = JsonIn(recorded.Payload);
        var (entry, trouble) = Read(recorded, codec);
        return new(
            recorded.Position, recorded.Stream.ToString(), recorded.Version, recorded.EventId, recorded.Type,
            PaymentView.InShanghai(recorded.RecordedAt)!.Value, recorded.Metadata.Actor,
            recorded.Metadata.CorrelationId, recorded.Metadata.CausationId, payload,
            payload is null ? Convert.ToBase64String(recorded.Payload.Span) : null, trouble, entry);
    }

    // An auditor sees every event, most of all one that nobody else can read.
    private static (EntryView? Entry, string? Trouble) Read(RecordedEvent recorded, EventCodec codec)
    {
        try
        {
            return (PostingRules.EntryFor(codec.Decode(recorded)) is { } entry ? EntryView.Of(entry) : null, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return (null, e.Message);
        }
    }

    private static JsonElement? JsonIn(ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (!Utf8.IsValid(payload.Span))
                return null;
            using var document = JsonDocument.Parse(
                payload, new() { MaxDepth = PayloadDepthMax, AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Events that were found, in the order asked for.</summary>
/// <param name="Reached">Up to which position the search has come.</param>
/// <param name="Head">The position of the newest event; -1 for none.</param>
/// <param name="NextCursor">Give it back as <c>cursor</c> to go on; absent when there is nothing more.</param>
internal sealed record EventPage(IReadOnlyList<EventView> Events, long Reached, long Head, string? NextCursor);
