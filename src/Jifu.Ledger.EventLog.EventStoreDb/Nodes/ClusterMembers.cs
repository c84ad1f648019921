using System.Net;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.MemberInfo.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>Who of a cluster's living members is used for what.</summary>
internal static class ClusterMembers
{
    public static MemberInfo? Leader(this List<MemberInfo> members) =>
        members.Find(member => member.State == VNodeState.Leader);

    /// <summary>Whom to read from: those preferred; any that can be read where there is none of them.</summary>
    public static List<MemberInfo> Liked(this List<MemberInfo> members, NodePreference preference)
    {
        var readable = members.FindAll(member => member.State is VNodeState.Leader or VNodeState.Follower
            or VNodeState.ReadOnlyReplica or VNodeState.ReadOnlyLeaderless);
        var liked = readable.FindAll(member => preference switch
        {
            NodePreference.Follower => member.State == VNodeState.Follower,
            NodePreference.ReadOnlyReplica =>
                member.State is VNodeState.ReadOnlyReplica or VNodeState.ReadOnlyLeaderless,
            NodePreference.Leader => member.State == VNodeState.Leader,
            _ => true,
        });
        return liked.Count > 0 ? liked : readable;
    }

    /// <summary>Whether a single node is used that has answered so.</summary>
    /// <remarks>It is used under the address we have, whatever it calls itself: the way to it may lead through a
    /// gateway. Where it is not to be told from others, it is used when nobody is about to become the leader: should
    /// another one lead, it says so itself.</remarks>
    public static bool IsUsed(this List<MemberInfo> members, DnsEndPoint asked) =>
        (members.Count == 1 ? members[0] : members.Find(member => member.Address().Equals(asked))) is { } itself
            ? itself.State == VNodeState.Leader
            : members.Count == 0 || (members.Leader() is not null
                && !members.Exists(member => member.State == VNodeState.PreLeader));

    public static DnsEndPoint Address(this MemberInfo member) =>
        new(member.HttpEndPoint.Address, (int)member.HttpEndPoint.Port);
}
