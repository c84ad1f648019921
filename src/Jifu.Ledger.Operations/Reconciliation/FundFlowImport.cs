using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Takes a channel's fund flow (资金账单) and holds it against the day's trade bill: the money side of the
/// three-way comparison.</summary>
/// <remarks>Whichever of the two files comes later, or is corrected later, the check follows it.</remarks>
public sealed class FundFlowImport(
    DayStreams days, BillArchive archive, OpenEndQueries openEnds, ThreeSidesQueries sides, ChannelDirectory channels,
    TimeProvider time)
{
    // What channels with one account, and WeChat Pay for its basic one, call it.
    private const string UsualAccount = "";

    /// <summary>Fetches the day's fund flow from a channel that gives one, unless one is in place.</summary>
    /// <returns>Why there is none; null when it is in place, or when the channel gives none.</returns>
    public async Task<Refusal?> Fetch(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        if (channels.Find(channel) is not { Channel: { GivesFundFlow: true } connection }
            || (await days.Load(channel, day, cancellation)).Day.FundFlows.ContainsKey(UsualAccount))
            return null;
        try
        {
            if (await connection.DownloadFundFlow(day, cancellation) is not { } file)
                return Refusal.Of(
                    ReconciliationRejection.FundFlowNotReady,
                    $"{channel.Name()} {day}: the channel has no fund flow yet.");
            var read = ReadBill.Of(channel, day, channels.MerchantNumber(channel), file);
            return read.IsFundFlow
                ? (await Import(channel, day, file, read, null, metadata, cancellation)).Refusal
                : throw new BillRejectedException(
                    BillRejection.BillHeaderUnknown, file.FileName, 1, 1, "a fund flow, not a trade bill");
        }
        catch (BillRejectedException e)
        {
            // It leaves nothing behind; the next run asks for it again.
            return Refusal.Of(e.Code, e.Message);
        }
    }

    /// <param name="reason">Why it takes the place of another; null when it should not.</param>
    internal async Task<ReconciliationOutcome> Import(
        Channel channel, BusinessDay day, ChannelBillFile file, ReadBill read, string? reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var (sha256, tookPlace) = (BillArchive.Sha256Of(file.Content), false);
        for (var isFirst = true; ; isFirst = false)
        {
            var (told, version) = await days.Load(channel, day, cancellation);
            if (told.FundFlows.Values.Any(flow => flow.Sha256 == sha256))
            {
                await Check(channel, day, metadata, cancellation);
                (told, _) = await days.Load(channel, day, cancellation);
                return ReconciliationOutcome.Of(channel, day, told) with
                {
                    AlreadyThere = isFirst, Sha256 = sha256, TookPlace = tookPlace,
                };
            }

            var old = read.Accounts.Select(account => told.FundFlows.GetValueOrDefault(account))
                .OfType<BillInPlace>().Distinct().ToList();
            if (Objection(told, read, old, reason) is { } objection)
                return ReconciliationOutcome.Refused(
                    channel, day, ReconciliationRejection.BillAlreadyImported, objection);
            await archive.Keep(channel, day, file, metadata.Actor, cancellation);
            tookPlace = old.Count > 0;
            var now = time.GetUtcNow();
            var imported = new ReconciliationEvent.FundFlowImported(
                channel, day, file.FileName, sha256, read.FundFlow.Count, Sum(read.FundFlow, true),
                -Sum(read.FundFlow, false), now, old.FirstOrDefault()?.Sha256, old.Count == 0 ? null : reason,
                await IsClosed(day, cancellation) ? BusinessDay.Of(now) : null,
                read.Accounts is [UsualAccount] ? null : read.Accounts.ToValueList());
            await days.Append(channel, day, version, [imported], metadata);
        }
    }

    // One file takes the place of one other, and of all that it was of.
    private static string? Objection(ReconciledDay told, ReadBill read, List<BillInPlace> old, string? reason)
    {
        if (old is not [var one, ..])
            return null;
        if (string.IsNullOrWhiteSpace(reason))
            return $"{one.FileName} was imported before; give a reason to supersede it, or, if it is of another "
                + "account, name the new file by it (Operation, Fees).";
        var isOfAll = told.FundFlows.Where(flow => flow.Value == one).All(flow => read.Accounts.Contains(flow.Key));
        return old.Count == 1 && isOfAll
            ? null
            : "the file must be of just the accounts of one that was imported before: "
                + $"{string.Join(", ", told.FundFlows.Values.Select(flow => flow.FileName).Distinct())}.";
    }

    /// <summary>Holds the fund flow in place against the trade bill in place, when both are there and that was not done
    /// yet; and the next day's again, which builds on what this one awaits and what its accounts hold at its
    /// end.</summary>
    public async Task Check(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        for (var each = day; await Tell(channel, each, metadata, cancellation);)
            each = each.Next;
    }

    /// <summary>Checks the fund flows once more of which an older program noted what went to our bank only as a sum:
    /// each withdrawal is looked for at the bank by itself.</summary>
    /// <returns>Which those were; none the next time.</returns>
    public async Task<IReadOnlyList<(Channel Channel, BusinessDay Day)>> CheckOlder(
        EventMetadata metadata, CancellationToken cancellation)
    {
        var older = await sides.DaysWithWithdrawalsUnknown(cancellation);
        foreach (var (channel, day) in older)
            await Check(channel, day, metadata, cancellation);
        return older;
    }

    // False when there is nothing new to tell. Whoever else writes into the day comes first, and we look again.
    private async Task<bool> Tell(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            var (told, version) = await days.Load(channel, day, cancellation);
            var before = (await days.Load(channel, day.Previous, cancellation)).Day.FundsChecked;
            if (told is not { FundFlows.IsEmpty: false, Bill: { } bill, Completed: not null } || IsDone(told, before))
                return false;
            var flow = new List<FundFlowLine>();
            foreach (var file in told.FundFlows.Values.Distinct())
                flow.AddRange((await Read(channel, day, file, cancellation)).FundFlow);
            var check = FundFlowCheck.Of(
                day, flow, (await Read(channel, day, bill, cancellation)).Lines, before?.Awaited ?? [],
                before?.Accounts.Where(account => account.Closing is not null)
                    .ToDictionary(account => account.Account, account => account.Closing!.Value) ?? []);
            var now = time.GetUtcNow();
            var on = await IsClosed(day, cancellation) ? BusinessDay.Of(now) : (BusinessDay?)null;
            var news = check.Against(told, channel, day, on, now).ToList();
            if (IsOfTheseFiles(told) && !check.Changes(told.FundsChecked!, news))
                return false;
            if (await days.Append(channel, day, version, news, metadata))
                return true;
        }
    }

    private static bool IsDone(ReconciledDay told, ReconciliationEvent.FundFlowChecked? before) =>
        IsOfTheseFiles(told) && (before is null || before.At < told.FundsChecked!.At)
        && told.FundsChecked is { Withdrawals: not null } or { Withdrawn.IsZero: true };

    private static bool IsOfTheseFiles(ReconciledDay told) => told.FundsChecked is { } done
        && done.BillSha256 == told.Bill?.Sha256 && done.Sha256 == told.FundFlowSha256;

    // By the name that it was brought under for this day: the same bytes may be kept under another.
    private async Task<ReadBill> Read(
        Channel channel, BusinessDay day, BillInPlace file, CancellationToken cancellation)
    {
        if (file.IsNothing)
            return ReadBill.Nothing;
        var kept = await archive.Find(file.Sha256, cancellation) ?? throw new InvalidDataException(
            $"The file {file.Sha256} of {channel.Name()} {day} is not in the archive.");
        return ReadBill.Of(channel, day, channels.MerchantNumber(channel), new(file.FileName, kept.Content), true);
    }

    private async Task<bool> IsClosed(BusinessDay day, CancellationToken cancellation) =>
        (await openEnds.UpTo(day, cancellation)).All(end => end.Reason == "views_apart");

    private static Money Sum(IReadOnlyList<FundFlowLine> flow, bool comesIn) =>
        flow.Where(row => row.Amount.IsPositive == comesIn)
            .Aggregate(Money.Zero(Currency.CNY), (sum, row) => sum + row.Amount);
}
