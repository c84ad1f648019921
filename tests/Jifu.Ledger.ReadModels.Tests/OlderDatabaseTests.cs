using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.ReadModels.Settlements;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A database as an older program left it, brought up to this one.</summary>
public class OlderDatabaseTests
{
    private static readonly BatchId Batch = ClearingBatch.IdOf(Channel.Sandbox, Company.Friday, SettlementTerm.T1, 1);

    [Fact]
    public async Task Payouts_that_were_sent_before_attempts_were_kept_are_told_by_the_log_again()
    {
        await using var company = await Company.WithoutViews();
        await OlderSchema(company, "155_payouts.sql");
        await Payout(company, "m1", 100_00, "confirmed");
        await Payout(company, "m2", 20_00, "failed", "sent");
        await Payout(company, "m3", 3_00);
        await AtHead(company);
        var before = await Settlements(company);
        before.ShouldBe(
        [
            "m1 10000 confirmed m1-1 bank-m1 finished", "m2 2000 sent m2-2 - -", "m3 300 ordered - - -",
        ]);

        await Migrate(company);
        await company.CatchUp();
        (await Settlements(company)).ShouldBe(before);
        (await Rows(company, """
            SELECT concat_ws(' ', p.reference, s.merchant_id, p.expected = 'settlement:' || p.settlement_id,
                p.amount_minor, to_char(p.sent_at AT TIME ZONE 'Asia/Shanghai', 'DD HH24:MI'),
                coalesce(p.bank_reference, '-'), coalesce(to_char(p.confirmed_at AT TIME ZONE 'Asia/Shanghai',
                'HH24:MI'), '-')) FROM views.payout p JOIN views.settlement s USING (settlement_id) ORDER BY 1
            """)).ShouldBe(["m1-1 m1 t 10000 20 13:00 bank-m1 14:00", "m2-2 m2 t 2000 20 15:00 - -"]);

        // The bank has a line of what was confirmed.
        var open = await new StatementQueries(company.Views).Expected(Company.Friday, Company.Friday.Next, default);
        open.Where(row => row.Id.StartsWith("settlement:", StringComparison.Ordinal))
            .Select(row => $"{row.AmountMinor} {row.Reference} {row.IsBooked}").Order(StringComparer.Ordinal)
            .ShouldBe(["-10000 bank-m1 True"]);
    }

    [Fact]
    public async Task Where_no_payout_was_sent_the_log_is_not_read_again()
    {
        await using var company = await Company.WithoutViews();
        await OlderSchema(company, "155_payouts.sql");
        await Payout(company, "m3", 3_00);
        await AtHead(company);
        const string Position = "SELECT position FROM views.checkpoint WHERE projection = 'settlements'";
        var head = await company.Number(Position);
        await Migrate(company);
        (await company.Number(Position)).ShouldBe(head);
        (await company.Number("SELECT count(*) FROM views.payout")).ShouldBe(0);
        await company.CatchUp();
        (await Settlements(company)).ShouldBe(["m3 300 ordered - - -"]);
    }

    // The files as they are, up to the one before.
    private static async Task OlderSchema(Company company, string before)
    {
        await Migrator.Migrate(company.OwnerConnection, [SchemaModule.EventLog], default);
        var (prefix, assembly) = (Company.Schema.ResourcePrefix, Company.Schema.Assembly);
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(name => string.CompareOrdinal(name[prefix.Length..], before) < 0))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            var text = (await reader.ReadToEndAsync()).ReplaceLineEndings("\n");
            await company.Execute($"BEGIN; {text}; COMMIT");
            var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            await company.Execute(
                "INSERT INTO public.schema_migration (module, name, checksum) "
                    + $"VALUES ('views', '{name[prefix.Length..]}', '{checksum}')");
        }
    }

    private static Task<IReadOnlyList<string>> Migrate(Company company) =>
        Migrator.Migrate(company.OwnerConnection, [SchemaModule.EventLog, Company.Schema], default);

    // As such a program told it, and as its list of settlements had it: an attempt was the last one's number only.
    private static async Task Payout(Company company, string merchant, long fen, params string[] attempts)
    {
        var amount = new Money(fen, Currency.CNY);
        var id = SettlementOrder.IdOf(Batch, new(merchant), Currency.CNY).Value;
        List<SettlementEvent> told =
        [
            new SettlementEvent.Ordered(
                new(merchant), Batch, Channel.Sandbox, Company.Friday, SettlementTerm.T1, amount, "account",
                Company.Noon),
            new SettlementEvent.Judged(new(true, [])),
        ];
        foreach (var (at, end) in attempts.Index())
        {
            var sent = Company.Noon.AddHours(1 + 2 * at);
            told.Add(new SettlementEvent.PayoutSent(
                new(merchant), amount, $"{merchant}-{at + 1}", Company.Friday, sent));
            if (end == "confirmed")
                told.Add(new SettlementEvent.PayoutConfirmed(
                    new(merchant), amount, $"bank-{merchant}", Company.Friday, sent.AddHours(1)));
            else if (end == "failed")
                told.Add(new SettlementEvent.PayoutFailed(
                    new(merchant), amount, "closed", "account closed", Company.Friday, sent.AddHours(1)));
        }

        await company.Tell("settlement", id, [.. told]);
        var ended = attempts.LastOrDefault() == "confirmed"
            ? $"'bank-{merchant}', TIMESTAMPTZ '{Company.Noon.AddHours(2):O}'"
            : "NULL, NULL";
        await company.Execute($"""
            INSERT INTO views.settlement (settlement_id, merchant_id, batch_id, channel, day, term, currency,
                amount_minor, payout_account, status, reference, bank_reference, finished_at, ordered_at, position)
            SELECT '{id}', '{merchant}', '{Batch.Value}', 'sandbox', '{Company.Friday}', 'T1', 'CNY', {fen}, 'account',
                '{attempts.LastOrDefault() ?? "ordered"}',
                {(attempts.Length > 0 ? $"'{merchant}-{attempts.Length}'" : "NULL")},
                {ended}, TIMESTAMPTZ '{Company.Noon:O}',
                min(position) FROM log.events WHERE stream = 'settlement-{id}'
            """);
    }

    private static Task AtHead(Company company) => company.Execute(
        "INSERT INTO views.checkpoint (projection, position) "
            + $"SELECT '{new SettlementProjection().Name}', max(position) FROM log.events");

    private static Task<List<string>> Settlements(Company company) => Rows(company, """
        SELECT concat_ws(' ', merchant_id, amount_minor, status, coalesce(reference, '-'),
            coalesce(bank_reference, '-'), CASE WHEN finished_at IS NULL THEN '-' ELSE 'finished' END)
        FROM views.settlement ORDER BY 1
        """);

    private static async Task<List<string>> Rows(Company company, string sql)
    {
#pragma warning disable CA2100 // Of the tests themselves.
        await using var command = company.Owner.CreateCommand(sql);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
