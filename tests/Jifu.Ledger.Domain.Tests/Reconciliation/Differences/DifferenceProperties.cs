using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Differences;

using static DifferenceCommand;
using static Given;

/// <summary>What holds after each step of any story: debits are credits, and what is in suspense is what is open.
/// </summary>
public class DifferenceProperties
{
    private static readonly string[] Keys = ["mei", "bo", "lin"];

    // What happened, to which difference, by whom, with which number.
    private static readonly Gen<List<(int What, int Which, int Who, int Number)>> Stories = Gen.ListOf(
        from what in Gen.Choose(0, 15)
        from which in Gen.Choose(0, 7)
        from who in Gen.Choose(0, 2)
        from number in Gen.Choose(0, 6)
        select (what, which, who, number)).Resize(60).Select(list => list.ToList());

    [Fact]
    public void Suspense_is_what_is_open_at_every_step() => Holds.ForAll(Stories, story =>
    {
        var world = new World();
        foreach (var step in story)
        {
            world.Play(step);
            world.Books.Balances.Aggregate(Cny(0), (sum, account) => sum + account.Balance).ShouldBe(Cny(0));
            world.Suspense.ShouldBe(world.Left);
            foreach (var closed in world.Known.Where(known => known is Difference.Closed or Difference.TakenBack))
                closed.Life.Left.ShouldBe(Cny(0));
            world.ApprovedByProposer.ShouldBe(0);
        }
    });

    [Fact]
    public void Every_row_of_the_rules_answers_whatever_is_asked() => Holds.ForAll(Stories, story =>
    {
        // Ends without an exception, and a repeat of the last step is quiet or refused.
        var world = new World();
        foreach (var step in story)
        {
            world.Play(step);
            var before = world.Suspense;
            if (step.What is 1 or 2 or 9)
            {
                world.Play(step);
                world.Suspense.ShouldBe(before);
            }
        }
    });

    private sealed class World
    {
        // Two that meet each other, two of a group, one on its own, a correction, and two of a refund that meet.
        private static readonly (string Class, string Key, BusinessDay Day, long Fen)[] Kinds =
        [
            ("only_with_us", "payment:p1", Friday, -5_00), ("only_at_channel", "payment:p1", Saturday, 4_98),
            ("only_with_us", "refund:p2", Friday, 3_00), ("only_at_channel", "refund:p2-1", Friday, -2_99),
            ("only_at_channel", "payment:p3", Friday, 7_77), ("correction", "correction:E22.1", Friday, 0),
            ("only_with_us", "refund:p4.r1", Saturday, 9_96), ("only_at_channel", "refund:p4.r1", Friday, -9_90),
        ];

        private readonly long[] _fen = [.. Kinds.Select(kind => kind.Fen)];
        private readonly Finding?[] _found = new Finding?[Kinds.Length];
        private readonly bool[] _gone = new bool[Kinds.Length];
        private readonly Difference[] _states = [.. Kinds.Select(_ => Difference.Initial)];
        private long _position;

        public Books Books { get; } = new();
        public int ApprovedByProposer { get; private set; }
        public IEnumerable<Difference.Known> Known => _states.OfType<Difference.Known>();

        // A credit of suspense is too much at the channel, as an excess is.
        public Money Suspense => -Books.BalanceOf(Account.Suspense(Channel.WeChatPay), Currency.CNY);

        public Money Left => Kinds.Select((_, at) => LeftOf(at)).Aggregate(Cny(0), (sum, left) => sum + left);

        private Money LeftOf(int at) => _states[at] switch
        {
            _ when _found[at] is null || _gone[at] => Cny(0),
            Difference.Unknown or Difference.TakenBack => _found[at]!.Excess,
            Difference.Known known => known.Life.Left + _found[at]!.Excess - known.Life.Finding.Excess,
            _ => throw new InvalidOperationException(),
        };

        public void Play((int What, int Which, int Who, int Number) step)
        {
            var (what, at, who, number) = step;
            if (what is 0 && (_found[at] is null || _gone[at]))
                Find(at, 1);
            if (_found[at] is not { } finding || _gone[at])
                return;
            if (what is 7 or 14)
                Find(at, -1);
            _gone[at] = what is 7;
            if (what is 14)
            {
                // With the same amount, or with a cent more than before.
                _fen[at] += number % 2 == 1 ? Math.Sign(_fen[at]) : 0;
                Find(at, 1);
            }

            var by = Keys[who];
            DifferenceCommand? command = what switch
            {
                1 => new Approve(finding, number, by, Noon),
                2 => new Reject(finding, number, "no", by, Noon),
                3 => new ProposeReversal(finding, "undo", by, Noon),
                4 => new GiveUp(finding, number, "closed", by, Noon),
                5 or 6 => new Propose(finding, RemedyOf(number), "so", null, by, Noon),
                7 => new TakeBack(finding, "replaced", "run", Noon),
                14 => number > 3 ? new Renew(_found[at]!, "run", Noon) : null,
                8 => new Meet(
                    finding, finding.Key, [new(Account.Receivable(Channel.WeChatPay), Cny(2_50))], "run", Noon),
                9 => new Approve(finding, (_states[at] as Difference.Known)?.Asked?.Number ?? 0, by, Noon),
                10 => new Part(finding, _found[number % Kinds.Length]?.Id ?? finding.Id, "gone", "run", Noon),
                _ => null,
            };
            if (command is not null)
                Do(at, command);
            if (what is 11 or 12)
                Arrive();
            if (what is 13)
                MatchAll();
        }

        private static Remedy RemedyOf(int number) => number switch
        {
            0 => new(RemedyKind.Supplement),
            1 => new(RemedyKind.Adjust, Account.FeeIncome),
            2 => new(RemedyKind.Refund, RefundNumber: "R-9"),
            3 => new(RemedyKind.Hold, Owner: "mei", Due: Saturday),
            4 => new(RemedyKind.Supplement, Account.Available(TeaHouse)),
            5 => new(RemedyKind.Adjust, Account.Cost(Channel.WeChatPay), Moves: Cny(-12_00)),
            _ => new(RemedyKind.WriteOff),
        };

        // Found, or by a corrected bill taken back.
        private void Find(int at, int sign)
        {
            var ((kind, key, day, _), fen) = (Kinds[at], _fen[at]);
            Books.Post(new ReconciliationEvent.DifferenceFound(
                Channel.WeChatPay, day, kind, key, "line", "", "", Cny(sign * fen)));
            if (sign > 0)
                _found[at] = new(Channel.WeChatPay, day, kind, key, "line", "", "", Cny(fen), ++_position);
            _gone[at] = sign < 0;
        }

        private void Arrive()
        {
            foreach (var (difference, with, shares, other) in Arrivals.Of(
                Open(), [], [new(new("d-0"), "p2-1", Cny(2_00))]))
            {
                Do(IndexOf(difference), new Meet(difference.Finding, with, shares, "run", Noon));
                if (other is not null)
                    Do(IndexOf(other.Difference), new Meet(
                        other.Difference.Finding, other.With, other.Shares, "run", Noon));
            }
        }

        private void MatchAll()
        {
            var terms = new MatchingTerms(
                MatchingKind.Group, [], [], [], null, 1, null, AccountKind.DifferenceResult,
                new("only_with_us", "refund:{order}"), new("only_at_channel", "refund:{order}-*"));
            foreach (var match in RuleFindings.Of(terms, Open()).Matches)
            {
                var ids = match.Members.Select(member => member.Difference.Id).ToValueList();
                foreach (var (difference, shares) in match.Members.Select(m => (m.Difference, m.Shares)))
                    Do(IndexOf(difference), new Match(difference.Finding, "split", 1, ids, shares, "run", Noon));
            }
        }

        private List<OpenDifference> Open() => [.. _found.Index()
            .Where(at => at.Item is not null && !_gone[at.Index])
            .Where(at => _states[at.Index] is Difference.Unknown or Difference.Open or Difference.TakenBack)
            .Select(at => new OpenDifference(at.Item!, LeftOf(at.Index)))];

        private int IndexOf(OpenDifference difference) =>
            Array.FindIndex(_found, found => found?.Id == difference.Id);

        private void Do(int at, DifferenceCommand command)
        {
            var before = (_states[at] as Difference.Known)?.Asked;
            command = command with { Aside = DifferenceRules.BackBy(_states[at], command) };
            foreach (var @event in DifferenceRules.Decide(_states[at], command).Events)
            {
                Books.Post(@event);
                _states[at] = DifferenceHistory.Evolve(_states[at], @event);
                if (@event is DifferenceEvent.Closed { By: var by } && before?.By == by)
                    ApprovedByProposer++;
            }
        }
    }
}
