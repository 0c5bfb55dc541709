using Amazon.CDK;
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
            SecretsAddress = AddSecretsEndpoint(scope);
        }
    }

    public IVpc Vpc { get; }

    public ISecurityGroup[] SecurityGroups { get; }

    /// <summary>The address of the stack's own endpoint of Secrets Manager; null: there is none, and the service's own name leads there.</summary>
    public string? SecretsAddress { get; }

    public static SubnetSelection Private { get; } = new() { SubnetType = SubnetType.PRIVATE_WITH_EGRESS };

    /// <summary>
    /// An endpoint for these functions alone. Without private DNS: that would lead every workload of the VPC to it, whom its security group does
    /// not let in. The functions are told its own name instead.
    /// </summary>
    private string AddSecretsEndpoint(Construct scope)
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

        InterfaceVpcEndpoint endpoint = new(scope, "SecretsEndpoint", new InterfaceVpcEndpointProps
        {
            Vpc = Vpc,
            Service = InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
            Subnets = Private,
            SecurityGroups = [group],
            PrivateDnsEnabled = false,
            Open = false,
        });

        // Each entry is the id of a hosted zone, a colon and a name; the first one names the endpoint in all of its zones.
        return $"https://{Fn.Select(1, Fn.Split(":", Fn.Select(0, endpoint.VpcEndpointDnsEntries)))}";
    }
}
