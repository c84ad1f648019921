using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>F7 and F8 in the database itself: what a superuser does to it, with triggers and checks out of the way, is
/// found and named.</summary>
public class TamperTests
{
    private const int Count = 60;

    private static readonly WrittenLog Written = new(Count);

    [Fact]
    public async Task Each_changed_column_of_an_event_is_found_at_its_position()
    {
        await using var stored = await Prepared();
        string[] changes =
        [
            "version = version + 100", "event_id = gen_random_uuid()", "type = type || 'x'",
            "recorded_at = recorded_at + interval '1 microsecond'", "recorded_at = 'infinity'",
            "actor = ' ' || actor", "correlation_id = upper(correlation_id)", "causation_id = 'c'",
            "payload = set_bit(payload, (10 * position % 80)::int, 1 - get_bit(payload, (10 * position % 80)::int))",
            "link = set_bit(link, position::int, 1 - get_bit(link, position::int))", "stream = stream || '1'",
            "payload = ''", "link = ''", "position = position + 1000",
            "position = 9223372036854775807", "position = -1",
        ];
        for (var i = 0; i < 4 * changes.Length; i++)
        {
            // Every other is one of the last two, where nothing comes after.
            var position = i % 2 == 0 ? i * 7 % Count : Count - 1 - (i % 4 / 2);
            var found = await FoundAfter(
                stored, $"UPDATE log.events SET {changes[i / 4]} WHERE position = {position}");
            found.ShouldBe(changes[i / 4] == "position = -1" ? 0 : position, changes[i / 4]);
        }
    }

    [Fact]
    public async Task Each_of_a_thousand_random_flips_of_one_bit_or_letter_is_found_at_its_position()
    {
        const int flips = 1000;
        var random = new Random(20261121);
        await using var stored = await Prepared();
        string[] texts = ["stream", "type", "actor", "correlation_id"];
        string[] bytes = ["payload", "link"];
        for (var i = 0; i < flips; i++)
        {
            var position = random.Next(Count);
            var (place, bit) = (random.Next(1 << 20), 6 + random.Next(58));
            // A flipped position must not meet another event's: that row is unique, whoever writes it.
            var flip = random.Next(10) switch
            {
                < 4 and var n => LetterFlipped(texts[n], place, 1 << random.Next(4)),
                4 => $"version = version # (1::bigint << {random.Next(64)})",
                5 => $"position = position # (1::bigint << {bit})",
                < 8 and var n => $"{bytes[n - 6]} = {BitFlipped(bytes[n - 6], place)}",
                8 => $"event_id = encode({BitFlipped("uuid_send(event_id)", place)}, 'hex')::uuid",
                _ => $"recorded_at = recorded_at + interval '{1L << random.Next(40)} microseconds'",
            };
            var told = $"{i}: {flip} at {position}";
            (await stored.Execute($"UPDATE log.events SET {flip} WHERE position = {position}")).ShouldBe(1, told);
            var isBeforeAll = flip.EndsWith($"position # (1::bigint << 63)", StringComparison.Ordinal);
            (await stored.Check()).Findings.FirstPosition.ShouldBe(isBeforeAll ? 0 : position, told);
            await stored.Execute($"""
                DELETE FROM log.events WHERE position = {position} OR position NOT BETWEEN 0 AND {Count - 1};
                INSERT INTO log.events SELECT * FROM kept.events WHERE position = {position};
                """);
        }
    }

    [Fact]
    public async Task Removed_swapped_and_cut_off_events_and_batches_are_found()
    {
        await using var stored = await Prepared();
        (await FoundAfter(stored, "DELETE FROM log.events WHERE position = 0")).ShouldBe(0);
        (await FoundAfter(stored, "DELETE FROM log.events WHERE position = 31")).ShouldBe(31);
        (await FoundAfter(stored, """
            UPDATE log.events SET position = position + 1000 WHERE position IN (20, 21);
            UPDATE log.events SET position = 1041 - position WHERE position > 1000;
            """)).ShouldBe(20);
        (await FoundAfter(stored, "DELETE FROM log.events WHERE position >= 50")).ShouldBe(50);
        (await FoundAfter(stored, "TRUNCATE log.events, log.batches")).ShouldBe(0);
        var batch = Written.Batches[5];
        (await FoundAfter(stored, $"DELETE FROM log.batches WHERE first_position = {batch.First}"))
            .ShouldBe(batch.First);
        (await FoundAfter(stored, $"UPDATE log.batches SET root = sha256(root) WHERE first_position = {batch.First}"))
            .ShouldBe(batch.First);
        (await FoundAfter(stored, $"""
            UPDATE log.batches SET last_position = last_position + 1 WHERE first_position = {batch.First}
            """)).ShouldBe(Written.Batches[6].First);
        foreach (var (number, found) in new[] { (5, Written.Batches[6].First), (Written.Batches.Count - 1, Count - 1) })
            (await FoundAfter(stored, $"""
                UPDATE log.batches SET last_position = {long.MaxValue}
                WHERE first_position = {Written.Batches[number].First}
                """)).ShouldBe(found);
    }

    [Fact]
    public async Task Random_removals_swaps_cuts_and_flips_of_causes_and_roots_are_found_at_their_position()
    {
        var random = new Random(20261122);
        await using var stored = await Prepared();
        for (var i = 0; i < 34; i++)
        {
            var (one, other) = (random.Next(Count - 1), Count - 1 - random.Next(3));
            (await FoundAfter(stored, $"DELETE FROM log.events WHERE position = {one}")).ShouldBe(one, $"{i}: gone");
            (await FoundAfter(stored, $"DELETE FROM log.events WHERE position >= {one + 1}"))
                .ShouldBe(one + 1, $"{i}: cut");
            var batch = Written.Batches[random.Next(Written.Batches.Count)].First;
            (await FoundAfter(stored, $"""
                UPDATE log.batches SET root = {BitFlipped("root", random.Next(256))} WHERE first_position = {batch}
                """)).ShouldBe(batch, $"{i}: root");
            var caused = one % 3 == 0 ? one + 1 : one;
            (await FoundAfter(stored, $"""
                UPDATE log.events SET {LetterFlipped("causation_id", random.Next(1 << 20), 1)} WHERE position = {caused}
                """)).ShouldBe(caused, $"{i}: cause");
            if (one >= Count - 3)
                continue;
            (await FoundAfter(stored, $"""
                UPDATE log.events SET position = position + 1000 WHERE position IN ({one}, {other});
                UPDATE log.events SET position = {one + other + 1000} - position WHERE position >= 1000;
                """)).ShouldBe(one, $"{i}: {one} and {other} swapped");
        }
    }

    [Fact]
    public async Task A_tail_cut_cleanly_and_checkpoints_rewritten_are_found_by_the_files_outside()
    {
        await using var stored = await Prepared();
        var cut = Written.Batches[^3].First;
        (await FoundAfter(stored, $"""
            DELETE FROM log.events WHERE position >= {cut};
            DELETE FROM log.batches WHERE first_position >= {cut};
            DELETE FROM log.checkpoints;
            """)).ShouldBe(cut);
        (await FoundAfter(stored, "UPDATE log.checkpoints SET body = replace(body, 'manual', 'export')"))
            .ShouldBe(Count - 1);
        (await FoundAfter(stored, "UPDATE log.checkpoints SET peaks = set_bit(peaks, 9, 1 - get_bit(peaks, 9))"))
            .ShouldBe(Count - 1);
    }

    [Fact]
    public async Task A_log_written_anew_from_some_event_on_is_found_by_the_files_outside()
    {
        await using var stored = await StoredEvidence.Create(Written);
        await stored.Notary.Take("manual", false, default);
        var forged = new WrittenLog(Count, one => one.Position == 44 ? one with { Actor = "key:k9" } : one);
        await stored.Unprotect();
        await stored.Execute("TRUNCATE log.events, log.batches, log.checkpoints");
        await stored.Write(forged, 0, Count - 1);
        var report = await stored.Check();
        report.Findings.Kept.Select(one => one.Kind).Distinct().ShouldBe([FindingKind.CheckpointDiffers]);
    }

    private static string BitFlipped(string bytes, int place)
    {
        var bit = $"{place} % (8 * length({bytes}))";
        return $"set_bit({bytes}, {bit}, 1 - get_bit({bytes}, {bit}))";
    }

    private static string LetterFlipped(string column, int place, int mask)
    {
        var at = $"1 + {place} % length({column})";
        return $"{column} = overlay({column} placing chr(ascii(substr({column}, {at}, 1)) # {mask}) from {at} for 1)";
    }

    private static async Task<StoredEvidence> Prepared()
    {
        var stored = await StoredEvidence.Create(Written);
        await stored.Notary.Take("manual", false, default);
        await stored.Unprotect();
        await stored.Execute("""
            CREATE SCHEMA kept;
            CREATE TABLE kept.events AS TABLE log.events;
            CREATE TABLE kept.batches AS TABLE log.batches;
            CREATE TABLE kept.checkpoints AS TABLE log.checkpoints;
            """);
        (await stored.Check()).Findings.Kept.ShouldBeEmpty();
        return stored;
    }

    /// <summary>The first position that is found wrong after a change; the change is undone.</summary>
    private static async Task<long?> FoundAfter(StoredEvidence stored, string change)
    {
        (await stored.Execute(change)).ShouldNotBe(0, change);
        var report = await stored.Check();
        await stored.Execute("""
            DELETE FROM log.events;
            DELETE FROM log.batches;
            DELETE FROM log.checkpoints;
            INSERT INTO log.events SELECT * FROM kept.events;
            INSERT INTO log.batches SELECT * FROM kept.batches;
            INSERT INTO log.checkpoints OVERRIDING SYSTEM VALUE SELECT * FROM kept.checkpoints;
            """);
        report.IsGood.ShouldBeFalse(change);
        return report.Findings.FirstPosition;
    }
}
