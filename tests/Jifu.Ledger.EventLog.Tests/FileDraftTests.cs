using System.Text;

namespace Jifu.Ledger.EventLog.Tests;

public sealed class FileDraftTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-draft-").FullName;

    private string Target => Path.Combine(_folder, "new", "month", "key.txt");

    private IEnumerable<string?> Names => Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Target)!)
        .Select(Path.GetFileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_stands_whole_in_a_folder_that_is_made_for_it_and_nothing_else_does()
    {
        FileDraft.Replace(Target, "first and long"u8, OwnerOnly);
        File.ReadAllText(Target).ShouldBe("first and long");
        FileDraft.Replace(Target, "second"u8, OwnerOnly);
        File.ReadAllText(Target).ShouldBe("second");
        Names.ShouldBe(["key.txt"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Target).ShouldBe(OwnerOnly);
    }

    [Fact]
    public void Until_it_has_its_name_nobody_sees_it_and_without_one_it_goes_away()
    {
        FileDraft.Replace(Target, "first"u8);
        using (var draft = new FileDraft(Target, OwnerOnly))
        {
            draft.Stream.Write("half of the sec"u8);
            File.ReadAllText(Target).ShouldBe("first");
            Names.Where(name => !name!.StartsWith('.')).ShouldBe(["key.txt"]);
        }

        File.ReadAllText(Target).ShouldBe("first");
        Names.ShouldBe(["key.txt"]);
    }

    [Fact]
    public async Task Of_those_who_create_at_once_one_does_and_all_find_its_file()
    {
        for (var round = 0; round < 30; round++)
        {
            var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
            {
                using var draft = new FileDraft(Target);
                draft.Stream.Write(Encoding.UTF8.GetBytes($"by {n}"));
                return (n, Did: draft.TryCreate(), Stands: File.ReadAllText(Target));
            })));
            var first = created.Single(one => one.Did);
            created.ShouldAllBe(one => one.Stands == $"by {first.n}");
            Names.ShouldBe(["key.txt"]);
            File.Delete(Target);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_flushed_is_told()
    {
        FileDraft.Flush(_folder);
        if (!OperatingSystem.IsWindows())
            Should.Throw<IOException>(() => FileDraft.Flush(Path.Combine(_folder, "nowhere")))
                .Message.ShouldEndWith("nowhere cannot be flushed: No such file or directory.");
    }
}
