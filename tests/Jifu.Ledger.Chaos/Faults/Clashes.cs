using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F13: the database answers appends with serialization failures and deadlocks: first every third, then each
/// one.</summary>
internal static class Clashes
{
    private const string Trigger = """
        CREATE OR REPLACE FUNCTION public.clash() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF random() < SHARE THEN
                IF random() < 0.5 THEN
                    RAISE EXCEPTION 'forced' USING ERRCODE = 'serialization_failure';
                END IF;
                RAISE EXCEPTION 'forced' USING ERRCODE = 'deadlock_detected';
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE OR REPLACE TRIGGER clash AFTER INSERT ON log.events FOR EACH STATEMENT EXECUTE FUNCTION public.clash();
        """;

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        await house.Cluster.Execute(Trigger.Replace("SHARE", "0.33", StringComparison.Ordinal));
        house.Street.Open();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        await house.Street.Close();
        verdict.Told(Invariant($"{house.Street.Purchases.Count} orders sent while every third append clashed"));
        verdict.Holds("payments go on while every third append clashes", house.Street.Acknowledged > 0);

        await house.Cluster.Execute(Trigger.Replace("SHARE", "2", StringComparison.Ordinal));
        var before = await house.Cluster.Value<long>("SELECT max(position) FROM log.events");
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => house.Street.Next().Pay()));
        verdict.Holds(
            "while each one clashes the answer is 503 or 409 with Retry-After",
            replies.All(reply => reply is { Status: 503 or 409, RetryAfter: not null }),
            string.Join(", ", replies.Select(reply => $"{reply}").Distinct()));
        verdict.Within("that answer came", TimeSpan.FromSeconds(10), [.. replies.Select(reply => reply.Took)]);
        var after = await house.Cluster.Value<long>("SELECT max(position) FROM log.events");
        verdict.Holds("and nothing was written", after == before);

        await house.Cluster.Execute("DROP TRIGGER clash ON log.events");
        await house.Books.Check(verdict);
    }
}
