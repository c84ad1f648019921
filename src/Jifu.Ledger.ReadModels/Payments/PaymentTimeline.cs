using System.Text;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>One event of a payment's timeline; the payload is the event's JSON, as the log has it.</summary>
public sealed record TimelineRow(long Position, string Type, DateTimeOffset RecordedAt, string Payload);

/// <summary>What happened to a payment, in order: its stream in the log, never behind.</summary>
public sealed class PaymentTimeline(IEventLog log)
{
    private const int PageMax = 500;

    public async Task<IReadOnlyList<TimelineRow>> Of(PaymentId id, CancellationToken cancellation)
    {
        var rows = new List<TimelineRow>();
        IReadOnlyList<RecordedEvent> page;
        do
        {
            page = await log.ReadStream(new("payment", id.Value), rows.Count - 1, PageMax, cancellation);
            rows.AddRange(page.Select(recorded => new TimelineRow(
                recorded.Position, recorded.Type, recorded.RecordedAt.ToUniversalTime(),
                Encoding.UTF8.GetString(recorded.Payload.Span))));
        }
        while (page.Count == PageMax);
        return rows;
    }
}
