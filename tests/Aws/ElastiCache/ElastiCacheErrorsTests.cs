using CacheBackup.Aws.ElastiCache;

namespace CacheBackup.Aws.Tests.ElastiCache;

public sealed class ElastiCacheErrorsTests
{
    [Fact]
    public void Every_code_of_the_service_model_leads_to_its_shape()
    {
        Assert.Equal(76, ElastiCacheModelErrors.All.Count);
        Assert.All(ElastiCacheModelErrors.All, error => Assert.Equal(error.Shape, ElastiCacheErrors.ShapeOf(error.Code)));
    }

    [Theory]
    [InlineData("SnapshotNotFoundFault", "ElastiCache.SnapshotNotFoundException")]
    [InlineData("InvalidParameterValueException", "ElastiCache.InvalidParameterValueException")]
    [InlineData("TagQuotaPerResourceExceeded", "ElastiCache.TagQuotaPerResourceExceededException")]
    public void State_machines_have_names_of_their_own(string shape, string name) => Assert.Equal(name, ElastiCacheErrors.StatesNameOf(shape));
}
