using Jifu.Ledger.Channels.Bills.Containers;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>What the documents of an archive have told of so far: trades or movements that two of them list would count
/// twice.</summary>
/// <remarks>Holds each merchant and day once, and none of the rows.</remarks>
internal sealed class ToldOnce
{
    private readonly Dictionary<Subject, List<(BillCoverage Coverage, string Document, BillPart? Part)>> told = [];
    private readonly Dictionary<(long Length, uint Crc32), string> contents = [];

    // A day's books have one merchant number at a channel, and three accounts under it.
    private const string WhoseItIs =
        ". This bill does not say whose it is: name the file by its account (Basic, Operation, Fees), and leave out "
        + "that of another merchant number";

    private readonly record struct Subject(BillKind Kind, string Of, BusinessDay Day);

    /// <summary>Looks at the rows of a document while they are read.</summary>
    public void Watch(OpenBill bill, Content content)
    {
        // One without rows tells of nothing: three accounts on which nothing moved have the same bill.
        var twin = contents.GetValueOrDefault((content.Length, content.Crc32));
        contents.TryAdd((content.Length, content.Crc32), bill.FileName);
        var (own, last) = (new HashSet<Subject>(), default(Subject));
        bill.Seen = (of, day, line) =>
        {
            if (twin is not null)
                throw Refused(bill, line, $"another bill than '{twin}', which is the same");
            var subject = new Subject(bill.Kind, of, day);
            if (subject == last)
                return;
            last = subject;
            if (own.Add(subject))
                Tell(subject, bill, line);
        };
    }

    private void Tell(Subject subject, OpenBill bill, int line)
    {
        if (bill.Kind is not (BillKind.Trade or BillKind.FundFlow))
            return;
        var coverage = bill.Kind is BillKind.Trade ? bill.Coverage : BillCoverage.All;
        if (!told.TryGetValue(subject, out var others))
            told.Add(subject, others = []);
        foreach (var (theirs, document, _) in others.Where(
            other => (other.Coverage & coverage) != 0 && !AreParts(other.Part, bill.Part)))
            throw Refused(
                bill, line, $"{Text(subject, theirs & coverage)} once; '{document}' lists them, too"
                    + (bill is { Kind: BillKind.FundFlow, Channel: Channel.WeChatPay } ? WhoseItIs : ""));
        others.Add((coverage, bill.FileName, bill.Part));
    }

    private static bool AreParts(BillPart? one, BillPart? other) =>
        one is not null && one.Whole == other?.Whole && one.Number != other.Number;

    private static string Text(Subject subject, BillCoverage both) => subject.Kind is BillKind.Trade
        ? $"{(both is BillCoverage.All ? "trades" : both.Text())} of {subject.Of} on {subject.Day}"
        : $"movements of {(subject.Of.Length == 0 ? "the basic account" : $"account {subject.Of}")} on {subject.Day}";

    private static BillRejectedException Refused(OpenBill bill, int line, string expected) =>
        new(BillRejection.BillOverlaps, bill.FileName, line, 1, expected);
}
