using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>F7 for archives: whatever single bit is turned, in any file of it, our check and the one in Node.js find
/// it.</summary>
public sealed class FlipTests : IDisposable
{
    private static readonly WrittenLog Log = new(100);

    private readonly NodeVerifier _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_thousand_turned_bits_are_all_found_each_at_its_event()
    {
        foreach (var archive in new[] { await Log.All(), await Log.Range(9, 70), await Log.Stream("payment-p2") })
        {
            var opened = new OpenedArchive(archive);
            for (var i = 0; i < 334; i++)
            {
                var (name, bit) = Flip(opened, i);
                if (Check(opened.Flipped(name, bit)) is not { } report)
                    continue;
                report.IsGood.ShouldBeFalse($"bit {bit} of {name}");
                if (name == "events.bin" && opened.PositionAt(bit / 8) is { } position)
                    report.Findings.FirstPosition.ShouldBe(position, $"bit {bit}: {report.Findings.Kept[0]}");
            }
        }
    }

    [Fact]
    public async Task The_verifier_in_a_page_of_Node_says_the_same()
    {
        File.WriteAllText(In("key.pem"), WrittenLog.Key.Public.Pem);
        File.WriteAllText(In("other.pem"), SigningKey.NewSm2().Public.Pem);
        var shorter = await new WrittenLog(90).All();
        File.WriteAllText(In("outside.txt"), $"{Log.Checkpoint(10)}\n{Log.Checkpoint(Log.Batches.Count)}");
        var archives = new[] { await Log.All(), await Log.Range(9, 70), await Log.Stream("payment-p2") };
        foreach (var archive in archives)
        {
            (await Node(archive, "key.pem")).ShouldBe(0);
            (await Node(archive, "key.pem", "outside.txt")).ShouldBe(0);
        }

        (await Node(archives[0], "other.pem")).ShouldBe(1);
        (await Node(shorter, "key.pem")).ShouldBe(0);
        (await Node(shorter, "key.pem", "outside.txt")).ShouldBe(1);
        (await Node(archives[0][..^200], "key.pem")).ShouldBe(1);
        var opened = new OpenedArchive(archives[0]);
        (await Node(opened.With("manifest.json", null), "key.pem")).ShouldBe(1);
        (await Node(opened.With("README.txt", null), "key.pem")).ShouldBe(1);
        for (var i = 1_000; i < 1_024; i++)
        {
            var (name, bit) = Flip(opened, i);
            (await Node(opened.Flipped(name, bit), "key.pem")).ShouldBeGreaterThan(0, $"bit {bit} of {name}");
        }
    }

    [Fact]
    public async Task Node_says_what_it_cannot_check_and_what_it_could_not_compare()
    {
        File.WriteAllText(In("key.pem"), WrittenLog.Key.Public.Pem);
        File.WriteAllText(In("broken.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        File.WriteAllText(In("none.pem"), "");
        var archive = await Log.Stream("payment-p2");
        (await Node("no zip"u8.ToArray(), "key.pem")).ShouldBe(2);
        foreach (var missing in new[] { "broken.pem", "none.pem", "missing.pem" })
            (await Node(archive, missing)).ShouldBe(2, missing);
        (await Node(archive, "key.pem", "missing.txt")).ShouldBe(2);
        (await NodeVerifier.Run(In("missing.zip"), In("key.pem"))).Code.ShouldBe(2);

        File.WriteAllText(In("outside.txt"), $"{Log.Checkpoint(1)}\n{Log.Checkpoint(3)}");
        var compared = await NodeVerifier.Run(In("archive.zip"), In("key.pem"), In("outside.txt"));
        compared.Code.ShouldBe(0, compared.Told);
        compared.Told.ShouldContain("note: 2 checkpoints from outside could not be compared");
        var anchor = Log.Checkpoint(Log.Batches.Count).Checkpoint;
        File.WriteAllText(In("other.txt"), $"{WrittenLog.Key.Sign(anchor with { Batches = 7 })}");
        (await Node(archive, "key.pem", "other.txt")).ShouldBe(1);

        var opened = new OpenedArchive(archive);
        (await Node(opened.And("README.txt", [1]), "key.pem")).ShouldBe(1);
        (await Node(opened.And("more.txt", [1]), "key.pem")).ShouldBe(1);
        (await Node(opened.With("checkpoints.txt", new byte[64 << 20]), "key.pem")).ShouldBe(1);
    }

    [Fact]
    public async Task Node_reads_checkpoints_signed_with_SM2()
    {
        var key = SigningKey.NewSm2();
        File.WriteAllText(In("sm2.pem"), key.Public.Pem);
        var archive = await Log.Archive(
            new("all"), Log.Events, Log.Batches, [Log.Checkpoint(Log.Batches.Count, key)], key);
        (await Node(archive, "sm2.pem")).ShouldBe(0);
        ArchiveCheck.Run(new MemoryStream(archive), [key.Public], []).IsGood.ShouldBeTrue();
    }

    // Null when it was found to be of another version of the format.
    private static EvidenceReport? Check(byte[] archive)
    {
        try
        {
            return ArchiveCheck.Run(new MemoryStream(archive), [WrittenLog.Key.Public], []);
        }
        catch (UnknownArchiveVersionException)
        {
            return null;
        }
    }

    // The same number turns the same bit each time. Half of them are in the events.
    private static (string Name, int Bit) Flip(OpenedArchive archive, int number)
    {
        var chance = new Random(number);
        var names = archive.Files.Where(file => file.Value.Length > 0).Select(file => file.Key).Order().ToList();
        var name = chance.Next(2) == 0 ? "events.bin" : names[chance.Next(names.Count)];
        return (name, chance.Next(archive.Files[name].Length * 8));
    }

    private string In(string name) => _node.In(name);

    private async Task<int> Node(byte[] archive, params string[] files) => (await _node.Run(archive, files)).Code;
}
