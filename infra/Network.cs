using Amazon.CDK.AWS.EC2;
using CacheBackup.Infra.Context;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>Where the functions stand that talk to caches, and their ways to S3 and Secrets Manager.</summary>
internal sealed class Network
{
    public Network(Construct scope, NetworkContext context)
    {
        Vpc = Amazon.CDK.AWS.EC2.Vpc.FromVpcAttributes(scope, "Vpc", new VpcAttributes
        {
            VpcId = context.VpcId,
            AvailabilityZones = [.. context.AvailabilityZones],
            PrivateSubnetIds = [.. context.SubnetIds],
            PrivateSubnetRouteTableIds = context.RouteTableIds.Count == 0 ? null : [.. context.RouteTableIds],
        });
        SecurityGroups = context.SecurityGroupIds.Count > 0
            ? [.. context.SecurityGroupIds.Select((id, i) => SecurityGroup.FromSecurityGroupId(scope, $"SecurityGroup{i}", id))]
            : [new SecurityGroup(scope, "FunctionSecurityGroup", new SecurityGroupProps
            {
                Vpc = Vpc,
                Description = "Functions of Cache Backup that talk to caches: allow it in the security group of each cache",
            })];
        if (context.CreateS3Endpoint)
        {
            _ = new GatewayVpcEndpoint(scope, "S3Endpoint", new GatewayVpcEndpointProps
            {
                Vpc = Vpc,
                Service = GatewayVpcEndpointAwsService.S3,
                Subnets = [Private],
            });
        }

        if (context.CreateSecretsEndpoint)
        {
            AddSecretsEndpoint(scope);
        }
    }

    public IVpc Vpc { get; }

    public ISecurityGroup[] SecurityGroups { get; }

    public static SubnetSelection Private { get; } = new() { SubnetType = SubnetType.PRIVATE_WITH_EGRESS };

    private void AddSecretsEndpoint(Construct scope)
    {
        SecurityGroup group = new(scope, "SecretsEndpointSecurityGroup", new SecurityGroupProps
        {
            Vpc = Vpc,
            Description = "The way of the functions of Cache Backup to Secrets Manager",
            AllowAllOutbound = false,
        });
        foreach (ISecurityGroup functions in SecurityGroups)
        {
            group.AddIngressRule(Peer.SecurityGroupId(functions.SecurityGroupId), Port.Tcp(443), "The functions that talk to caches");
        }

        _ = new InterfaceVpcEndpoint(scope, "SecretsEndpoint", new InterfaceVpcEndpointProps
        {
            Vpc = Vpc,
            Service = InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
            Subnets = Private,
            SecurityGroups = [group],
            PrivateDnsEnabled = true,
            Open = false,
        });
    }
}
