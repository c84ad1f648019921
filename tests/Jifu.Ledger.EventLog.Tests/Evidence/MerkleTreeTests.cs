using System.Buffers.Binary;
using System.Security.Cryptography;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

public class MerkleTreeTests
{
    // Computed by Node.js, top down as RFC 6962 words it: leaf i is sha256(u32(i));
    // root = ls => ls.length === 0 ? sha256('') : ls.length === 1 ? sha256(00, ls[0])
    //   : sha256(01, root(ls.slice(0, k)), root(ls.slice(k))), where k is the largest power of two below ls.length
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "965053f8e65891f8079863a0808b66d6dbba6e4ac34b710f797019ed633adf92")]
    [InlineData(2, "0329eedd318e00f0d862e43c031519f04370dd3f8e97b38395752394fd3ca6ed")]
    [InlineData(3, "b1782769b8906e20ab9b2648e93f64b15e98d20ebdc70e9d5dd2737378bfa0cd")]
    [InlineData(7, "4660ee2bfd429ebc13c2d2c8f11e7945e9832d4ebbb2fecedde680066760adb7")]
    [InlineData(64, "c7aa03d3508f2515f4e948970cce102818a93314e3e13bcb72a8e1dd32b01716")]
    [InlineData(100, "b0f5031bec98049e00992870f937abb72e83c0b0d5ba3615af90502a67d1d00a")]
    [InlineData(1000, "3cfb26f4fa8d860fa8b1c9340cb2b8f4dfeb9278d6e99a68140b7ed38a0ac72b")]
    public void Roots_are_these(int count, string root)
    {
        var tree = new MerkleTree();
        for (var i = 0; i < count; i++)
            tree.Add(Leaf(i));
        Root(tree).ShouldBe(root);
        tree.Count.ShouldBe(count);
    }

    [Fact]
    public void A_tree_goes_on_from_its_peaks()
    {
        var (whole, tree) = (new MerkleTree(), new MerkleTree());
        for (var i = 0; i < 100; i++)
        {
            whole.Add(Leaf(i));
            var later = new MerkleTree();
            later.Restore(tree.Peaks, tree.Count);
            later.Add(Leaf(i));
            tree = later;
            Root(tree).ShouldBe(Root(whole));
        }

        Should.Throw<ArgumentException>(() => tree.Restore(tree.Peaks.ToArray(), 99));
        tree.Clear();
        Root(tree).ShouldBe(Root(new()));
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var (tree, leaf, root) = (new MerkleTree(), Leaf(1), new byte[EventLink.Size]);
        tree.Add(leaf);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            tree.Add(leaf);
        tree.Root(root);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Root(MerkleTree tree)
    {
        var root = new byte[EventLink.Size];
        tree.Root(root);
        return Convert.ToHexStringLower(root);
    }

    private static byte[] Leaf(int i)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, i);
        return SHA256.HashData(bytes);
    }
}
