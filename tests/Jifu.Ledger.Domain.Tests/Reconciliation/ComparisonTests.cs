using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Domain.Tests.Reconciliation;

using static Discrepancy;

public class ComparisonTests
{
    private static readonly BusinessDay Day = new(new(2026, 7, 1));

    /// <summary>What may befall one number, on either side.</summary>
    private enum Plant
    {
        Same, OnlyTheirs, OnlyOurs, Amount, Fee, Status, Reference, Twice, Late, CarriedMet, CarriedLost, TheirsEarlier,
        TheirsEarlierAgain, Neighbour,
    }

    private sealed record World(
        List<BillLine> Theirs, List<LedgerLine> Ours, List<CarriedLine> Carried, List<LedgerLine> Neighbours)
    {
        public LedgerDay LedgerDay => new(Day, Currency.CNY, Ours, Carried, Neighbours);
    }

    [Fact]
    public void Every_discrepancy_has_its_class_in_the_list_of_classes() =>
        typeof(Discrepancy).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Discrepancy)))
            .Select(type => SnakeCase.Of(type.Name)).ShouldBe(DifferenceClasses.OfTrade, ignoreOrder: true);

    [Fact]
    public void Any_bill_compares_as_a_naive_join_does()
    {
        var plants =
            from plant in Gen.Elements(Enum.GetValues<Plant>())
            from kind in Gen.Elements(BillLineKind.Payment, BillLineKind.Refund, BillLineKind.Revoke)
            from amount in Gen.Choose(1, 1_000_000)
            from fee in Gen.Choose(-600, 600)
            select (plant, kind, amount, fee);

        Prop.ForAll(Arb.From(Gen.ListOf(plants)), planted =>
        {
            var world = new World([], [], [], []);
            foreach (var ((plant, kind, amount, fee), at) in planted.Select((each, at) => (each, at)))
                Sow(world, plant, Line(kind, $"n{at}", amount, fee));

            var compared = Comparison.Compare(world.Theirs, world.LedgerDay);
            var found = compared.Discrepancies.Select(each => $"{each.Class} {each.Key} {each.Excess}")
                .Concat(compared.Carried.Select(each => $"{each.Class} {each.Key} {each.Side} {each.Amount}"));
            found.Order().ShouldBe(NaiveJoin(world).Order());
            (compared.CarriedMet.Count + compared.CarriedLost.Count).ShouldBe(world.Carried.Count);
            compared.Matched.ShouldBe(planted.Count(each => each.plant is Plant.Same or Plant.Twice));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 11));
    }

    [Fact]
    public void Refunds_of_two_payments_under_one_number_are_two_and_not_one_too_many()
    {
        var (ours, theirs) = (Line(BillLineKind.Refund, "1", 5_00, 0), Line(BillLineKind.Refund, "1", 5_00, 0));
        BillLine[] rows =
        [
            Row(ours) with { PaymentReference = "A" }, Row(theirs) with { PaymentReference = "B", LineNo = 3 },
            Row(theirs) with { PaymentReference = "B", LineNo = 4 },
            Row(ours) with { PaymentReference = "A", LineNo = 5 },
        ];
        Told(Comparison.Compare(rows[..2], new(Day, Currency.CNY, [ours], [], []))).ShouldBe(
            ["only_at_channel refund:1@B -5.00"]);
        Told(Comparison.Compare(rows[..2], new(Day, Currency.CNY, [], [], []))).ShouldBe(
            ["only_at_channel refund:1 -5.00", "only_at_channel refund:1@B -5.00"]);
        Told(Comparison.Compare(rows, new(Day, Currency.CNY, [ours], [], []))).ShouldBe([
            "only_at_channel refund:1@B -5.00", "duplicate refund:1@B 2/0 -5.00", "duplicate refund:1 2/1 -5.00"]);

        static IEnumerable<string> Told(Comparison comparison) => comparison.Discrepancies.Select(one =>
            $"{one.Class} {one.Key} {(one is Duplicate ? $"{one.Theirs}/{one.Ours} " : "")}"
            + FormattableString.Invariant($"{one.Excess.MinorUnits / 100m:0.00}"));
    }

    [Fact]
    public void A_line_carried_over_midnight_is_met_or_missed_the_next_day()
    {
        var late = Line(BillLineKind.Payment, "p1", 100_00, 60) with { At = Day.Next.Start.AddSeconds(-1) };
        var first = Comparison.Compare([], new(Day, Currency.CNY, [late], [], []));
        first.Discrepancies.ShouldBeEmpty();
        first.Carried.ShouldBe([new(new(CarrySide.Ours, late))]);

        var next = new LedgerDay(Day.Next, Currency.CNY, [], [first.Carried[0].Carried], []);
        var met = Comparison.Compare([Row(late)], next);
        met.CarriedMet.Count.ShouldBe(1);
        met.Discrepancies.ShouldBeEmpty();

        Comparison.Compare([], next).Discrepancies.ShouldBe([new OnlyWithUs(late)]);
    }

    [Fact]
    public void What_was_paid_after_UnionPays_evening_cut_is_carried_and_met_the_next_day()
    {
        var late = Line(BillLineKind.Payment, "p1", 100_00, 60) with { At = Day.Next.Start.AddMinutes(-55) };
        var margin = LedgerDay.MarginOf(Channel.UnionPay);
        var first = Comparison.Compare([], new(Day, Currency.CNY, [late], [], []) { Margin = margin });
        first.Discrepancies.ShouldBeEmpty();

        var next = new LedgerDay(Day.Next, Currency.CNY, [], [first.Carried.Single().Carried], []) { Margin = margin };
        Comparison.Compare([Row(late)], next).Discrepancies.ShouldBeEmpty();
        Comparison.Compare([], new(Day, Currency.CNY, [late], [], [])).Discrepancies.ShouldBe([new OnlyWithUs(late)]);
    }

    [Fact]
    public void A_row_that_we_hold_under_the_next_day_is_carried_and_meets_it_there()
    {
        var early = Line(BillLineKind.Payment, "p1", 100_00, 60) with { At = Day.Next.Start.AddSeconds(1) };
        var first = Comparison.Compare([Row(early)], new(Day, Currency.CNY, [], [], [early]));
        first.Carried.Single().Side.ShouldBe("theirs");
        first.Discrepancies.ShouldBeEmpty();

        var next = new LedgerDay(Day.Next, Currency.CNY, [early], [first.Carried[0].Carried], []);
        Comparison.Compare([], next).CarriedMet.Count.ShouldBe(1);
        Comparison.Compare([Row(early)], next).Discrepancies.Single().Class.ShouldBe("duplicate");
    }

    [Fact]
    public void A_row_that_stands_twice_and_that_we_have_not_at_all_says_so()
    {
        var strange = Row(Line(BillLineKind.Payment, "p1", 100_00, 60));
        Comparison.Compare([strange, strange], new(Day, Currency.CNY, [], [], [])).Discrepancies
            .Select(one => $"{one.Class} {one.Theirs} {one.Ours} {one.Excess}")
            .ShouldBe(["only_at_channel CNY 100.00  CNY 99.40", "duplicate 2 0 CNY 99.40"]);
    }

    [Fact]
    public void Two_files_know_the_channels_own_end_of_the_day()
    {
        var evening = Day.Next.Start.AddMinutes(-55);
        OrderLine order = new(
            BillLineKind.Payment, "p1", "", new(100_00, Currency.CNY), null, null, evening, "", 2);
        var row = Row(Line(BillLineKind.Payment, "p1", 100_00, 60) with { At = evening });
        var unionPay = Tolerances.None with { CutOff = LedgerDay.MarginOf(Channel.UnionPay) };

        string[] Found(IReadOnlyList<BillLine> theirs, BusinessDay day, Tolerances tolerances)
        {
            var compared = new KeyComparison(day, null, tolerances);
            compared.Compare(theirs, [order]);
            return [.. compared.Differences.Select(one => one.What.Class)];
        }

        Found([], Day, unionPay).ShouldBe(["cut_off"]);
        Found([row], Day.Next, unionPay).ShouldBe(["cut_off"]);
        Found([], Day, Tolerances.None).ShouldBe(["only_with_us"]);
        Found([row], Day.Next, Tolerances.None).ShouldBe(["wrong_day"]);
    }

    [Fact]
    public void Every_class_has_the_name_that_events_keep() =>
        typeof(Discrepancy).GetNestedTypes().Select(type => SnakeCase.Of(type.Name)).ShouldBe(
        [
            "only_at_channel", "only_with_us", "amount_differs", "fee_differs", "status_differs", "duplicate",
            "cut_off", "wrong_day", "wrong_merchant", "correction", "split_at_channel",
        ]);

    private static void Sow(World world, Plant plant, LedgerLine line)
    {
        var before = line with { At = Day.Start.AddSeconds(-1) };
        var after = line with { At = Day.Next.Start.AddMinutes(14) };
        var row = Row(line);
        (BillLine[] rows, LedgerLine[] ours, CarriedLine[] carried, LedgerLine[] neighbours) sown = plant switch
        {
            Plant.Same => ([row], [line], [], []),
            Plant.OnlyTheirs => ([row], [], [], [line with { At = Day.Next.Start.AddMinutes(15) }]),
            Plant.OnlyOurs => ([], [line], [], []),
            Plant.Amount => ([row with { Amount = row.Amount + new Money(1, Currency.CNY) }], [line], [], []),
            Plant.Fee => ([row with { Fee = row.Fee - new Money(7, Currency.CNY) }], [line], [], []),
            Plant.Status => ([row with { Status = "processing" }], [line], [], []),
            Plant.Reference => ([row with { ChannelReference = "another" }], [line], [], []),
            Plant.Twice => ([row, row], [line], [], []),
            Plant.Late => ([], [line with { At = Day.Next.Start.AddMinutes(-15) }], [], []),
            Plant.CarriedMet => ([row], [], [new(CarrySide.Ours, before)], []),
            Plant.CarriedLost => ([], [], [new(CarrySide.Ours, before)], []),
            Plant.TheirsEarlier => ([], [line], [new(CarrySide.Theirs, line)], []),
            Plant.TheirsEarlierAgain => ([row], [line], [new(CarrySide.Theirs, line)], []),
            Plant.Neighbour => ([row], [], [], [after]),
            _ => throw new ArgumentOutOfRangeException(nameof(plant), plant, null),
        };
        world.Theirs.AddRange(sown.rows);
        world.Ours.AddRange(sown.ours);
        world.Carried.AddRange(sown.carried);
        world.Neighbours.AddRange(sown.neighbours);
    }

    private static IEnumerable<string> NaiveJoin(World world)
    {
        var keys = world.Theirs.Select(row => row.Key).Concat(world.Ours.Select(line => line.Key))
            .Concat(world.Carried.Select(carried => carried.Line.Key)).Distinct();
        return keys.SelectMany(key => NaiveJoin(
            key, [.. world.Theirs.Where(row => row.Key == key)], world.Ours.FirstOrDefault(line => line.Key == key),
            world.Carried.FirstOrDefault(carried => carried.Line.Key == key),
            world.Neighbours.FirstOrDefault(line =>
                line.Key == key && line.At < Day.Next.Start.AddMinutes(15))));
    }

    private static IEnumerable<string> NaiveJoin(
        string key, BillLine[] rows, LedgerLine? ours, CarriedLine? carried, LedgerLine? near)
    {
        var spare = carried?.Side is CarrySide.Theirs ? rows : [.. rows.Skip(1)];
        if (spare.Length > 0)
            yield return $"duplicate {key} {spare.Select(Net).Aggregate((sum, net) => sum + net)}";
        if (carried?.Side is CarrySide.Theirs)
            yield break;

        var held = ours ?? carried?.Line ?? near;
        if (rows.Length == 0)
            yield return held!.At >= Day.Next.Start.AddMinutes(-15)
                ? $"cut_off {key} ours {Net(Row(held))}"
                : $"only_with_us {key} {-Net(Row(held))}";
        else if (held is null)
            yield return $"only_at_channel {key} {Net(rows[0])}";
        else if (held == near)
            yield return $"cut_off {key} theirs {Net(Row(held))}";
        else if (rows[0].Amount != held.Amount)
            yield return $"amount_differs {key} {Net(rows[0]) - Net(Row(held))}";
        else if (rows[0].Fee != held.Fee)
            yield return $"fee_differs {key} {Net(rows[0]) - Net(Row(held))}";
        else if (rows[0].Status is not null || rows[0].ChannelReference != held.ChannelReference)
            yield return $"status_differs {key} CNY 0.00";
    }

    private static Money Net(BillLine row) =>
        row.Kind == BillLineKind.Payment ? row.Amount - row.Fee : -row.Amount - row.Fee;

    private static LedgerLine Line(BillLineKind kind, string number, long amount, long fee) => new(
        kind, number, $"wx-{number}", new(amount, Currency.CNY), new(fee, Currency.CNY), Day.Start.AddHours(12));

    private static BillLine Row(LedgerLine line) =>
        new(line.Kind, line.Number, line.ChannelReference, line.Amount, line.Fee, null, line.At, 2);
}
