using CacheBackup.Caches.Probe;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Tests.Probe;

public sealed class ClusterNodesTextTests
{
    private static readonly CacheEndpoint Asked = new("entry.test", 7001);

    [Fact]
    public void Nodes_slots_epochs_and_open_marks_are_read()
    {
        ClusterMap map = Parse(
            "id-a 10.0.0.1:7001@17001,a.test myself,master - 0 0 3 connected 0-5 7 [93->-id-b] [94-<-id-b]",
            "id-b 10.0.0.2:7002@17002 master - 0 1 2 connected 8-16383 6",
            "id-c 10.0.0.3:7003@17003,,shard-id=1 slave id-a 0 1 3 connected",
            "id-d 10.0.0.4:7004@17004 slave id-a 0 1 3 disconnected",
            "id-e 10.0.0.5:7005@17005 slave,fail? id-a 0 1 3 connected",
            "id-f 10.0.0.6:7006@17006 master,fail - 0 1 1 connected",
            "id-g :0@0 master,noaddr - 0 1 0 disconnected",
            "id-h 10.0.0.7:7007@17007 handshake - 0 0 0 connected");
        Assert.Equal(["id-a", "id-b"], map.Primaries.Select(node => node.Id));
        Assert.Equal(["0-5,7", "6,8-16383"], map.Primaries.Select(node => node.Slots.Value));
        Assert.Equal([3L, 2L], map.Primaries.Select(node => node.ConfigEpoch));
        Assert.Equal(new CacheEndpoint("a.test", 7001), map.Asked.Endpoint);
        Assert.Equal("93-94", map.Moving.Value);
        Assert.Equal(["id-c"], map.ReplicasOf(map.Asked).Select(node => node.Id));
        Assert.Equal(new CacheEndpoint("10.0.0.3", 7003), map.ReplicasOf(map.Asked)[0].Endpoint);
        Assert.True(map.Uncovered.IsEmpty);
        Assert.DoesNotContain(map.Nodes, node => node.Id is "id-g" or "id-h");
    }

    [Theory]
    [InlineData(":7001@17001", "entry.test")]
    [InlineData("::1:7001@17001", "::1")]
    [InlineData("10.0.0.1:7001@17001,?", "10.0.0.1")]
    [InlineData("10.0.0.1:7001", "10.0.0.1")]
    public void Node_is_where_it_says_or_where_it_was_asked(string address, string host) =>
        Assert.Equal(new CacheEndpoint(host, 7001), Parse($"id {address} myself,master - 0 0 0 connected").Asked.Endpoint);

    [Theory]
    [InlineData("")]
    [InlineData("id 10.0.0.1:7001@17001 master - 0 0 0 connected")]
    [InlineData("id 10.0.0.1:7001@17001 myself,master - 0 0 x connected")]
    [InlineData("id 10.0.0.1:x@17001 myself,master - 0 0 0 connected")]
    [InlineData("id nowhere myself,master - 0 0 0 connected")]
    [InlineData("id 10.0.0.1:7001@17001 myself,master - 0 0 0 connected 5-16384")]
    [InlineData("too short")]
    public void What_is_no_list_of_nodes_is_refused(string text) => Assert.Throws<CacheProtocolException>(() => Parse(text));

    private static ClusterMap Parse(params string[] lines) => ClusterNodesText.Parse(string.Join('\n', lines) + "\n", Asked);
}
