using System.Security.Cryptography;
using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F6: the server is killed while it writes the finance file of a day, and the command line finds no room for
/// its download.</summary>
internal static class TornExport
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        house.Street.Open();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        await house.Street.Close();
        await house.Street.Settle();
        var day = await Day.Close(house);
        var folder = Path.Combine(house.Server.Home, "finance");
        var whole = await Day.Finance(house, day);
        var sha256 = Convert.ToHexString(SHA256.HashData(whole.Content));
        Empty(folder);
        var took = (await Day.Finance(house, day)).Took;

        var (torn, there, drafts) = (0, 0, 0);
        var random = new Random(options.Seed);
        for (var round = 0; round < options.Rounds; round++)
        {
            Empty(folder);
            var export = Day.Finance(house, day);
            await Task.Delay(took * random.NextDouble());
            await house.Server.Process.Kill();
            await export;
            var names = Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).ToList();
            drafts += names.Count(name => name.StartsWith('.'));
            foreach (var name in names.Where(name => !name.StartsWith('.')))
            {
                there++;
                var content = await File.ReadAllBytesAsync(Path.Combine(folder, name));
                torn += Convert.ToHexString(SHA256.HashData(content)) == sha256 ? 0 : 1;
            }

            await house.StartServer();
        }

        verdict.Told(Invariant($"{options.Rounds} kills within the {took.TotalMilliseconds:0} ms of an export of ")
            + Invariant($"{whole.Content.Length >> 10} KiB: {drafts} left a draft, {there} a whole file"));
        verdict.Holds("no half file stands under the final name", torn == 0, Invariant($"{torn} half"));
        var again = await Day.Finance(house, day);
        verdict.Holds(
            "the next export has the same bytes", Convert.ToHexString(SHA256.HashData(again.Content)) == sha256);
        await NoRoom(house, day, verdict);
    }

    private static async Task NoRoom(House house, string day, Verdict verdict)
    {
        if (Environment.UserName != "root")
        {
            verdict.Told("the command line's download into a full folder was left out: only root can make one");
            return;
        }

        var full = await house.Playground.SmallFolder("downloads", 1);
        await File.WriteAllBytesAsync(Path.Combine(full, "ballast"), new byte[1020 << 10]);
        var (code, said) = await house.Jifu("finance", "--day", day, "--out", full);
        var left = Directory.GetFiles(full).Where(file => Path.GetFileName(file) != "ballast").ToList();
        verdict.Holds(
            "a download that finds no room fails and leaves nothing", code != 0 && left.Count == 0,
            Invariant($"exit code {code}, {string.Join(", ", left)} {said.Trim().Split('\n')[^1]}"));
    }

    private static void Empty(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            File.Delete(file);
    }
}
