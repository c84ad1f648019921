using System.Security.Cryptography;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>The public half of a key that checkpoints are signed with: RSA of 2048 bits or more, or SM2.</summary>
public sealed class EvidenceKey
{
    internal const string RsaAlgorithm = "rsa-pkcs1v15-sha256";
    internal const string Sm2Algorithm = "sm2-sm3";

    private const string Label = "PUBLIC KEY";
    private const int BitsMin = 2048;
    private const int BitsMax = 8192;

    private readonly byte[] _spki;
    private readonly RSA? _rsa;

    private EvidenceKey(byte[] spki, RSA? rsa)
    {
        (_spki, _rsa) = (spki, rsa);
        Id = Convert.ToHexStringLower(SHA256.HashData(spki).AsSpan(0, 8));
    }

    /// <summary>The first 16 hexadecimal digits of SHA-256 of the key (DER, SubjectPublicKeyInfo).</summary>
    public string Id { get; }

    public string Algorithm => _rsa is null ? Sm2Algorithm : RsaAlgorithm;

    /// <summary>The key as text, <c>-----BEGIN PUBLIC KEY-----</c>, ended by a line feed.</summary>
    public string Pem => PemEncoding.WriteString(Label, _spki) + "\n";

    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _rsa is { } rsa
        ? rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : Sm2.Verifies(_spki, message, signature);

    /// <summary>Reads every public key of a PEM text.</summary>
    /// <exception cref="FormatException">There is none, or one is of another kind.</exception>
    public static IReadOnlyList<EvidenceKey> ReadAll(string pem)
    {
        var keys = new List<EvidenceKey>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is not Label)
                throw new FormatException($"A {rest[fields.Label]} is no public key.");
            keys.Add(Read(Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }

        return keys.Count > 0
            ? keys
            : throw new FormatException("No public key: it begins with -----BEGIN PUBLIC KEY-----.");
    }

    /// <summary>The same of a file in UTF-8.</summary>
    /// <exception cref="FormatException">As above.</exception>
    public static IReadOnlyList<EvidenceKey> ReadFile(byte[] bytes) =>
        ReadAll(System.Text.Encoding.UTF8.GetString(bytes));

    internal static EvidenceKey Read(byte[] spki)
    {
        if (Sm2.IsPublicKey(spki))
            return new(spki, null);
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(spki, out var read);
            if (read == spki.Length && rsa.KeySize is >= BitsMin and <= BitsMax)
                return new(spki, rsa);
        }
        catch (CryptographicException)
        {
            // Said below.
        }

        rsa.Dispose();
        throw new FormatException($"A public key is RSA of {BitsMin} to {BitsMax} bits, or SM2.");
    }
}

/// <summary>The private half, with which this ledger signs its checkpoints.</summary>
public sealed class SigningKey
{
    private const string Label = "PRIVATE KEY";
    private const int RsaBits = 3072;

    private readonly byte[] _pkcs8;
    private readonly RSA? _rsa;

    private SigningKey(byte[] pkcs8, RSA? rsa, byte[] spki) =>
        (_pkcs8, _rsa, Public) = (pkcs8, rsa, EvidenceKey.Read(spki));

    public EvidenceKey Public { get; }

    /// <summary>The secret as text, PKCS #8.</summary>
    public string Pem => PemEncoding.WriteString(Label, _pkcs8) + "\n";

    public static SigningKey NewRsa()
    {
        var rsa = RSA.Create(RsaBits);
        return new(rsa.ExportPkcs8PrivateKey(), rsa, rsa.ExportSubjectPublicKeyInfo());
    }

    public static SigningKey NewSm2()
    {
        var (pkcs8, spki) = Sm2.NewPair();
        return new(pkcs8, null, spki);
    }

    /// <exception cref="FormatException">It is no private key of RSA or SM2.</exception>
    public static SigningKey Read(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem.AsSpan()[fields.Label] is not Label)
            throw new FormatException("No private key: it begins with -----BEGIN PRIVATE KEY-----.");
        var pkcs8 = Convert.FromBase64String(pem[fields.Base64Data]);
        if (Sm2.PublicKeyOf(pkcs8) is { } spki)
            return new(pkcs8, null, spki);
        var rsa = RSA.Create();
        try
        {
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            return new(pkcs8, rsa, rsa.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException e)
        {
            rsa.Dispose();
            throw new FormatException("A signing key is RSA or SM2.", e);
        }
    }

    public SignedCheckpoint Sign(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new(
            checkpoint, Public.Id, Public.Algorithm, Sign(System.Text.Encoding.UTF8.GetBytes(checkpoint.ToString())));
    }

    public byte[] Sign(ReadOnlySpan<byte> message) => _rsa is { } rsa
        ? rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : Sm2.Sign(_pkcs8, message);
}
