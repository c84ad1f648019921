using System.Formats.Asn1;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Security;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>SM2 with SM3 (GM/T 0003) by Portable.BouncyCastle, on the one curve and with the customary user id
/// <c>1234567812345678</c>.</summary>
/// <remarks>The package sees numbers and points only: keys and signatures are taken apart here, by their fixed
/// shapes. See docs/decisions/0003.</remarks>
internal static class Sm2
{
    private const int Size = 32;

    // SubjectPublicKeyInfo of id-ecPublicKey on the curve sm2p256v1, up to the 65 bytes of the uncompressed point.
    private static readonly byte[] SpkiHead =
        Convert.FromHexString("3059301306072a8648ce3d020106082a811ccf5501822d034200");

    private static readonly ECDomainParameters Curve = Domain();

    public static bool IsPublicKey(ReadOnlySpan<byte> spki) =>
        spki.Length == SpkiHead.Length + 1 + (2 * Size) && spki.StartsWith(SpkiHead) && spki[SpkiHead.Length] == 4
        && Point(spki) is not null;

    public static (byte[] Pkcs8, byte[] Spki) NewPair()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(Curve, new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        var secret = ((ECPrivateKeyParameters)pair.Private).D;
        return (Pkcs8Of(secret), SpkiOf(((ECPublicKeyParameters)pair.Public).Q));
    }

    /// <returns>Null when it is no private key on this curve.</returns>
    public static byte[]? PublicKeyOf(byte[] pkcs8) =>
        SecretOf(pkcs8) is { } secret ? SpkiOf(Curve.G.Multiply(secret).Normalize()) : null;

    public static byte[] Sign(byte[] pkcs8, ReadOnlySpan<byte> message)
    {
        var plain = Signer(true, new ECPrivateKeyParameters(SecretOf(pkcs8), Curve), message).GenerateSignature();
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteIntegerUnsigned(Trimmed(plain.AsSpan(0, Size)));
            der.WriteIntegerUnsigned(Trimmed(plain.AsSpan(Size)));
        }

        return der.Encode();
    }

    public static bool Verifies(ReadOnlySpan<byte> spki, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            var der = new AsnReader(signature.ToArray(), AsnEncodingRules.DER);
            var numbers = der.ReadSequence();
            var (r, s) = (numbers.ReadInteger(), numbers.ReadInteger());
            numbers.ThrowIfNotEmpty();
            der.ThrowIfNotEmpty();
            var plain = new byte[2 * Size];
            return Fits(r, plain.AsSpan(0, Size)) && Fits(s, plain.AsSpan(Size))
                && Signer(false, new ECPublicKeyParameters(Point(spki), Curve), message).VerifySignature(plain);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static SM2Signer Signer(bool signs, ICipherParameters key, ReadOnlySpan<byte> message)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance);
        signer.Init(signs, signs ? new ParametersWithRandom(key, new SecureRandom()) : key);
        signer.BlockUpdate(message.ToArray(), 0, message.Length);
        return signer;
    }

    private static bool Fits(System.Numerics.BigInteger number, Span<byte> place)
    {
        place.Clear();
        var length = number.GetByteCount(isUnsigned: number.Sign >= 0);
        return number.Sign > 0 && length <= Size
            && number.TryWriteBytes(place[(Size - length)..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number)
    {
        var zeros = number.IndexOfAnyExcept((byte)0);
        return zeros < 0 ? number[^1..] : number[zeros..];
    }

    private static ECPoint? Point(ReadOnlySpan<byte> spki)
    {
        try
        {
            return Curve.ValidatePublicPoint(Curve.Curve.DecodePoint(spki[SpkiHead.Length..].ToArray()));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static byte[] SpkiOf(ECPoint point) => [.. SpkiHead, .. point.GetEncoded(false)];

    private static byte[] Pkcs8Of(BigInteger secret)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(1);
            key.WriteOctetString(Org.BouncyCastle.Utilities.BigIntegers.AsUnsignedByteArray(Size, secret));
        }

        var pkcs8 = new AsnWriter(AsnEncodingRules.DER);
        using (pkcs8.PushSequence())
        {
            pkcs8.WriteInteger(0);
            using (pkcs8.PushSequence())
            {
                pkcs8.WriteObjectIdentifier("1.2.840.10045.2.1");
                pkcs8.WriteObjectIdentifier("1.2.156.10197.1.301");
            }

            pkcs8.WriteOctetString(key.Encode());
        }

        return pkcs8.Encode();
    }

    private static BigInteger? SecretOf(byte[] pkcs8)
    {
        try
        {
            var outer = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
            outer.ReadInteger();
            var algorithm = outer.ReadSequence();
            if (algorithm.ReadObjectIdentifier() != "1.2.840.10045.2.1"
                || algorithm.ReadObjectIdentifier() != "1.2.156.10197.1.301")
                return null;
            var key = new AsnReader(outer.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
            key.ReadInteger();
            var secret = new BigInteger(1, key.ReadOctetString());
            return secret.SignValue > 0 && secret.CompareTo(Curve.N) < 0 ? secret : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static ECDomainParameters Domain()
    {
        var curve = GMNamedCurves.GetByName("sm2p256v1");
        return new(curve.Curve, curve.G, curve.N, curve.H);
    }
}
