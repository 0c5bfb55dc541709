using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class NodeTypesTests
{
    [Theory]
    [InlineData("cache.t4g.micro", 536_870_912)]
    [InlineData("cache.t3.medium", 3_317_862_236)]
    [InlineData("cache.m6g.large", 6_854_542_746)]
    [InlineData("cache.m7g.16xlarge", 225_000_375_228)]
    [InlineData("cache.r6g.large", 14_037_181_030)]
    [InlineData("cache.r7g.16xlarge", 450_000_750_456)]
    [InlineData("cache.r5.24xlarge", 682_485_973_811)]
    public void Known_type_has_the_memory_that_the_user_guide_lists(string type, long bytes)
    {
        Assert.Equal(bytes, NodeTypes.MaxMemoryOf(type));
        Assert.InRange(NodeTypes.DataBytesOf(type)!.Value, (bytes * 75 / 100) - 100, bytes * 75 / 100);
    }

    [Fact]
    public void Sizes_of_one_family_grow_with_their_names()
    {
        string[] order = ["micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "10xlarge", "12xlarge", "16xlarge", "24xlarge"];
        foreach (IGrouping<string, string> family in NodeTypes.Names.GroupBy(name => name.Split('.')[1]))
        {
            long[] sizes = [.. family.OrderBy(name => Array.IndexOf(order, name.Split('.')[2])).Select(name => NodeTypes.MaxMemoryOf(name)!.Value)];
            Assert.Equal(sizes.Order(), sizes);
            Assert.Equal(sizes.Distinct(), sizes);
        }

        Assert.All(NodeTypes.Names, name => Assert.Contains(name.Split('.')[2], order));
    }

    [Fact]
    public void Unknown_type_has_no_memory()
    {
        Assert.Null(NodeTypes.MaxMemoryOf("cache.z9.large"));
        Assert.Null(NodeTypes.DataBytesOf("cache.z9.large"));
    }

    [Fact]
    public void Types_with_SSD_and_of_Valkey_alone_are_known()
    {
        Assert.Equal(6, NodeTypes.Names.Count(NodeTypes.HasDataTiering));
        Assert.False(NodeTypes.HasDataTiering("cache.r6g.large"));
        Assert.False(NodeTypes.Runs("cache.r8g.large", CacheEngine.Redis));
        Assert.True(NodeTypes.Runs("cache.r8g.large", CacheEngine.Valkey));
        Assert.True(NodeTypes.Runs("cache.r7g.large", CacheEngine.Redis));
    }
}
