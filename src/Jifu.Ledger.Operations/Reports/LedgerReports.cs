using System.Runtime.CompilerServices;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Channels;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>Reports on the ledger's own reconciliations: a day of all channels, and a month.</summary>
/// <remarks>They show how things stand now; what must never change is in the finance download.</remarks>
public sealed class LedgerReports(ViewDatabase views, BillArchive archive, TimeProvider time)
{
    private const int OwnersAskedAtOnce = 5_000;

    private readonly ReportQueries _queries = new(views);
    private readonly ReconciliationQueries _reconciliation = new(views);
    private readonly DifferenceQueries _lives = new(views);

    /// <summary>A day's reconciliation of all channels; without a channel when no bill was compared.</summary>
    public async Task<ReconciliationReport> OfDay(BusinessDay day, CancellationToken cancellation)
    {
        var bills = await _queries.Completed(day, cancellation);
        var (found, carries) = await Booked(day, bills, cancellation);
        var lives = (await _lives.List(new(Day: day, CountMax: int.MaxValue), cancellation))
            .ToDictionary(life => (life.Channel, life.Class, life.Key, life.Field));
        var proposals = (await _queries.Proposals(day, cancellation)).ToDictionary(row => row.DifferenceId);
        var (channels, known) = (new List<ReportChannel>(), new KnownRows());
        foreach (var bill in bills)
        {
            known.Add(bill.Channel, await _queries.Known(
                bill.Channel, [.. Keys(bill.Channel, found), .. carries.Where(row => row.Channel == bill.Channel)
                    .Select(row => row.Key)], cancellation));
            channels.Add(await Channel(bill, day, found, carries, known, cancellation));
        }

        return new()
        {
            Title = $"对账 {day}",
            Day = day,
            Notes = bills.Count == 0
                ? ["当日没有完成的对账。No bill of this day was compared."]
                : [.. bills.Select(bill => bill.HasFile
                    ? $"{bill.Channel}: {bill.FileName} · SHA-256 {bill.Sha256}"
                    : $"{bill.Channel}: 渠道当日无账单，按空账单对账。The channel has no bill of this day.")],
            Channels = channels,
            Differences = [.. found.Select(row => Difference(
                known.Fill(row), lives.GetValueOrDefault((row.Channel, row.Class, row.Key, row.Field)), row.Day,
                proposals))],
            DifferenceCount = found.Count,
            Theirs = stop => Owned(Theirs(bills, stop), stop),
            Carries = [.. carries.Select(row => known.Carry(row, row.Day == day, GapMinor(row, day)))],
            Ours = stop => Ours(bills, day, carries.Select(row => (row.Channel, row.Key)).ToHashSet(), stop),
        };
    }

    /// <summary>A month's reconciliations, up to today.</summary>
    public async Task<MonthFigures> OfMonth(DateOnly month, CancellationToken cancellation)
    {
        var (today, first) = (BusinessDay.Of(time.GetUtcNow()), new DateOnly(month.Year, month.Month, 1));
        var last = first.AddMonths(1).AddDays(-1);
        var billed = (await _queries.Billed(first, last, cancellation)).ToDictionary(day => day.Day);
        var found = (await _queries.Differences(first, last, cancellation)).ToLookup(sums => sums.Day);
        var open = await _queries.Open(today, cancellation);
        var days = Enumerable.Range(0, last.Day).Select(each => new BusinessDay(first.AddDays(each)))
            .TakeWhile(day => day <= today || billed.ContainsKey(day));
        return new(
            first, nameof(Currency.CNY),
            [.. days.Select(day => new DayFigures(
                day, billed.GetValueOrDefault(day)?.BillRows ?? 0, billed.GetValueOrDefault(day)?.Matched ?? 0,
                [.. found[day].Select(sums =>
                    new ClassFigures(sums.Class, sums.Count, sums.ExcessMinor, sums.GrossMinor))]))],
            [.. open.Select(sums => new AgeFigures(
                today.Date.DayNumber - sums.Day.Date.DayNumber, sums.Count, sums.GrossMinor))],
            today);
    }

    private async Task<ReportChannel> Channel(
        ReconciliationRow bill, BusinessDay day, IReadOnlyList<DifferenceRow> found, IReadOnlyList<CarryRow> carries,
        KnownRows known, CancellationToken cancellation)
    {
        var keys = Keys(bill.Channel, found)
            .Concat(carries.Where(row => row.Channel == bill.Channel).Select(row => row.Key)).ToHashSet();
        var ours = await _queries.Expected(bill.Channel, day, cancellation) ?? new(0, 0, 0, 0, 0, 0);
        var theirs = ReportSide.None;
        await foreach (var line in Theirs([bill], cancellation))
        {
            theirs = theirs.With(line);
            known.Meet(line, keys);
        }

        return new(
            bill.Channel, bill.Currency, theirs,
            new(ours.Rows, ours.PaymentRows, ours.RefundRows, ours.PaidMinor, ours.RefundedMinor, ours.FeeMinor),
            bill.Matched, found.Where(row => row.Channel == bill.Channel).Sum(row => row.ExcessMinor),
            carries.Where(row => row.Channel == bill.Channel).Sum(row => GapMinor(row, day)))
        {
            LaterMinor = bill.OurNetMinor - (ours.PaidMinor - ours.RefundedMinor - ours.FeeMinor),
        };
    }

    // As the bills stood on the day that booked them, mostly their own: corrections that came after it, and the money
    // beside the bills, are no part of what ties out here.
    private async Task<(List<DifferenceRow> Found, List<CarryRow> Carries)> Booked(
        BusinessDay day, IReadOnlyList<ReconciliationRow> bills, CancellationToken cancellation)
    {
        var (found, carries) = (new List<DifferenceRow>(), new List<CarryRow>());
        foreach (var same in bills.GroupBy(bill => bill.BookedOn, bill => bill.Channel))
        {
            found.AddRange((await _reconciliation.DifferencesBooked(same.Key, cancellation)).Where(row =>
                row.Day == day && row.BookedOn == same.Key && same.Contains(row.Channel)
                && !FundFlowCheck.IsMoney(row.Class)));
            carries.AddRange((await _reconciliation.CarriesBooked(day, same.Key, cancellation))
                .Where(row => same.Contains(row.Channel)));
        }

        return (found, carries);
    }

    private static IEnumerable<string> Keys(string channel, IEnumerable<DifferenceRow> found) =>
        found.Where(row => row.Channel == channel).Select(row => row.Key);

    // What a carry puts between the two nets on the day that carries it, it takes out on the day that meets it.
    private static long GapMinor(CarryRow carry, BusinessDay day)
    {
        var gap = carry.Side == "ours" ? -carry.AmountMinor : carry.AmountMinor;
        return carry.Day == day ? gap : -gap;
    }

    // What is closed is as old as it was on that day; what is held ages on. What is open says what could be done, also
    // where a part of it was met.
    private ReportDifference Difference(
        ReportDifference plain, DifferenceLifeRow? life, BusinessDay day,
        Dictionary<string, ProposalRow> proposals)
    {
        if (life is null)
            return plain;
        if (!life.Found)
            return plain with { Status = DifferenceForm.StatusWord("undone"), Reason = "更正后的账单中没有此差异" };
        var until = life is { Status: "closed", ClosedOn: { } on } ? on : BusinessDay.Of(time.GetUtcNow());
        var told = plain with
        {
            Status = DifferenceForm.StatusWord(life.Status), AgeDays = until.Date.DayNumber - day.Date.DayNumber,
        };
        if (life.Status is "closed" or "held")
            return told with
            {
                Action = LifeWords.ClosedBy(life),
                Reason = LifeWords.Reason(life, proposals.GetValueOrDefault(life.DifferenceId)),
            };
        var advice = Suggestion.For(life.Open, life.Context(told.AgeDays.Value));
        return told with { Action = RemedyForm.InWords(advice), Reason = advice.Reason };
    }

    private async IAsyncEnumerable<ReportLine> Theirs(
        IEnumerable<ReconciliationRow> bills, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var bill in bills.Where(bill => bill.HasFile))
        {
            var kept = await archive.Find(bill.Sha256, cancellation)
                ?? throw new InvalidDataException($"{bill.FileName} was imported and is not in the archive.");
            using var file = new MemoryStream(kept.Content.ToArray(), writable: false);
            foreach (var document in BillFile.Open(file, kept.FileName, new(Day: bill.Day, WasTaken: true)))
            {
                if (document.Kind is not BillKind.Trade)
                    continue;
                foreach (var row in document.Lines)
                    yield return new(
                        bill.Channel, row.Kind, row.Number, row.ChannelReference, row.Amount.MinorUnits,
                        row.Fee.MinorUnits, $"{row.Amount.Currency}", row.Status, row.At, row.Merchant, row.LineNo);
            }
        }
    }

    // A channel knows us by one number; whose a row is, our line of that number says.
    private async IAsyncEnumerable<ReportLine> Owned(
        IAsyncEnumerable<ReportLine> lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var some in lines.Chunk(OwnersAskedAtOnce).WithCancellation(cancellation))
        {
            foreach (var same in some.GroupBy(line => line.Channel))
            {
                var owners = (await _queries.Owners(same.Key, same.Select(line => line.Number), cancellation))
                    .ToDictionary(owner => owner.Key, owner => owner.Merchant);
                foreach (var line in same)
                    yield return line with { Owner = owners.GetValueOrDefault(LineKey.Of(line.Kind, line.Number)) };
            }
        }
    }

    private async IAsyncEnumerable<ReportLine> Ours(
        IEnumerable<ReconciliationRow> bills, BusinessDay day, HashSet<(string Channel, string Key)> carried,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var bill in bills)
            await foreach (var row in _queries.ExpectedLines(bill.Channel, day, cancellation))
                yield return Line(bill.Channel, row) with
                {
                    IsCarried = carried.Contains((bill.Channel, $"{row.Kind}:{row.Number}")),
                };
    }

    private static ReportLine Line(string channel, ChannelLineRow row) => new(
        channel, KnownRows.KindOf(row.Kind), row.Number, row.ChannelRefundReference ?? row.ChannelReference,
        row.AmountMinor, row.FeeMinor, row.Currency, null, row.At, row.MerchantId, null);
}
