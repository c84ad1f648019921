using System.Text;
using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Evidence;

/// <summary>The key that checkpoints are signed with, in the home folder; and the public halves of all before
/// it.</summary>
/// <remarks>The first is only made for a log that has no checkpoints, or when the newest's key is here: else the folder
/// is not that log's, and what a new key signs would not verify anywhere.</remarks>
internal sealed class CheckpointKeys(HomeFolder home, EvidenceSettings settings)
{
    public const string Secret = "checkpoint.key";
    private const string Known = "checkpoint-keys";

    private readonly Lock _turn = new();

    /// <summary>Where the public halves belong.</summary>
    public string Folder => Path.Combine(home.Path, Known);

    /// <summary>Made at first use, which comes after a look at the newest checkpoint. Read each time: another server
    /// of this ledger may have rotated it.</summary>
    /// <exception cref="InvalidOperationException">Others than the owner may read the file, or it is no
    /// key.</exception>
    public SigningKey Current
    {
        get
        {
            lock (_turn)
                return Read() ?? Make(settings.Sm2);
        }
    }

    /// <summary>The current one; null when there is none.</summary>
    public SigningKey? Present
    {
        get
        {
            lock (_turn)
                return Read();
        }
    }

    /// <summary>The current one first, when there is one, then those before it. Makes none.</summary>
    public IReadOnlyList<EvidenceKey> Public
    {
        get
        {
            var current = Present?.Public;
            var known = home.Texts(Known, "*.pem").SelectMany(EvidenceKey.ReadAll);
            return current is null ? [.. known] : [current, .. known.Where(key => key.Id != current.Id)];
        }
    }

    /// <summary>What to do about the keys that have signed checkpoints of the log and are not here; null when all
    /// are.</summary>
    public string? Missing(IEnumerable<EvidenceKey> signedWith)
    {
        var known = Public.Select(key => key.Id).ToHashSet();
        var missing = signedWith.Select(key => key.Id).Where(id => !known.Contains(id)).ToList();
        return missing is []
            ? null
            : CheckpointCheck.MissingFrom(
                Folder, $"Checkpoints of this log are signed by key {string.Join(" and ", missing)}");
    }

    /// <summary>Makes another key. What the one before has signed still verifies with its public half.</summary>
    public SigningKey Rotate(bool sm2)
    {
        lock (_turn)
        {
            _ = Read();
            return Make(sm2);
        }
    }

    private SigningKey? Read()
    {
        if (home.ReadSecret(Secret) is not { } pem)
            return null;
        try
        {
            var key = SigningKey.Read(Encoding.UTF8.GetString(pem));
            Remember(key);
            return key;
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"{Secret} in the home folder is no key: {e.Message}", e);
        }
    }

    // The public half first: a secret without it would sign what nobody can verify after the next rotation.
    private SigningKey Make(bool sm2)
    {
        var key = sm2 ? SigningKey.NewSm2() : SigningKey.NewRsa();
        Remember(key);
        home.Write(Secret, Encoding.UTF8.GetBytes(key.Pem));
        return key;
    }

    // The file may have been brought here from another server.
    private void Remember(SigningKey key)
    {
        var file = Path.Combine(Known, $"{key.Public.Id}.pem");
        if (home.ReadText(file) != key.Public.Pem)
            home.Write(file, Encoding.UTF8.GetBytes(key.Public.Pem));
    }
}
