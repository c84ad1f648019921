namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>What an archive says about itself to whoever finds it.</summary>
internal static class ArchiveReadMe
{
    public const string Text = """
        This archive holds events of a Jifu payment ledger and the proof that they are what was recorded.
        本档案包含积付账本的事件，以及证明其未被篡改的凭证。

        Check it, on any machine, with the public key that you were given apart from it:

            jifu audit verify FILE.zip --key PUBLIC_KEY.pem
            node verify-archive.mjs FILE.zip PUBLIC_KEY.pem

        events.bin       the events, byte for byte as they were hashed, and their places in the chain
        batches.bin      what was written together, with the root of each batch's hash tree
        checkpoints.txt  signed statements of what the log was; keep one of them elsewhere
        keys.pem         the public keys that are named in here; trust none of them because it is in here
        manifest.json    what the archive holds; manifest.sig is the signature of its bytes

        The format is documented with the ledger, in docs/reference/evidence.md, so that anybody can write a verifier.

        """;
}
