namespace CacheBackup.Infra.Context;

/// <summary>Where the functions stand that talk to caches.</summary>
/// <param name="VpcId">The caches' VPC.</param>
/// <param name="AvailabilityZones">Of the subnets, one each.</param>
/// <param name="SubnetIds">Private ones.</param>
/// <param name="RouteTableIds">Of the subnets, one each; empty where no gateway endpoint is to be made.</param>
/// <param name="SecurityGroupIds">Empty: the stack makes one.</param>
/// <param name="CreateS3Endpoint">Make the way to S3.</param>
/// <param name="CreateSecretsEndpoint">Make the way to Secrets Manager.</param>
public sealed record NetworkContext(
    string VpcId,
    IReadOnlyList<string> AvailabilityZones,
    IReadOnlyList<string> SubnetIds,
    IReadOnlyList<string> RouteTableIds,
    IReadOnlyList<string> SecurityGroupIds,
    bool CreateS3Endpoint,
    bool CreateSecretsEndpoint)
{
    // A serverless cache has endpoints in two zones or three.
    private const int LeastZonesOfCache = 2;
    private const int MostZonesOfCache = 3;

    /// <summary>
    /// Where a restore lays a new serverless cache that names no subnets: one of these in each of up to three zones. Empty where all are in
    /// one zone: ElastiCache then takes the default VPC.
    /// </summary>
    public IReadOnlyList<string> SubnetsOfCaches
    {
        get
        {
            string[] each = [.. SubnetIds.Zip(AvailabilityZones).DistinctBy(pair => pair.Second).Select(pair => pair.First).Take(MostZonesOfCache)];
            return each.Length < LeastZonesOfCache ? [] : each;
        }
    }

    internal static NetworkContext? Read(ContextReader reader)
    {
        string? vpc = reader.Text(ContextValues.VpcId, Forms.Vpc, "vpc-0123456789abcdef0");
        IReadOnlyList<string> zones = reader.Texts(ContextValues.AvailabilityZones, Forms.Zone, "eu-west-1a");
        IReadOnlyList<string> subnets = reader.Texts(ContextValues.SubnetIds, Forms.Subnet, "subnet-0123456789abcdef0");
        IReadOnlyList<string> tables = reader.Texts(ContextValues.RouteTableIds, Forms.RouteTable, "rtb-0123456789abcdef0");
        IReadOnlyList<string> groups = reader.Texts(ContextValues.SecurityGroupIds, Forms.SecurityGroup, "sg-0123456789abcdef0");
        bool createS3 = reader.Switch(ContextValues.CreateS3Endpoint);
        bool createSecrets = reader.Switch(ContextValues.CreateSecretsEndpoint);
        if (vpc is null)
        {
            return subnets.Count + zones.Count + tables.Count + groups.Count == 0
                ? null
                : throw ContextReader.Wrong(ContextValues.VpcId, "empty, and there are ids of a VPC's parts", "the id of their VPC");
        }

        Require(subnets.Count > 0, ContextValues.SubnetIds, subnets.Count, "at least one subnet of the VPC");
        Require(zones.Count == subnets.Count, ContextValues.AvailabilityZones, zones.Count, $"a zone for each of the {subnets.Count} subnets");
        Require(
            tables.Count == subnets.Count || (tables.Count == 0 && !createS3),
            ContextValues.RouteTableIds,
            tables.Count,
            $"a route table for each of the {subnets.Count} subnets, or set createS3Endpoint to false where the VPC has its own way to S3");
        return new NetworkContext(vpc, zones, subnets, tables, groups, createS3, createSecrets);
    }

    private static void Require(bool holds, ContextValue value, int found, string wanted)
    {
        if (!holds)
        {
            throw ContextReader.Wrong(value, $"a list of {found}", wanted);
        }
    }
}
