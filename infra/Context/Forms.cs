using System.Text.RegularExpressions;

namespace CacheBackup.Infra.Context;

/// <summary>How the texts of the context look.</summary>
internal static partial class Forms
{
    public static Regex Anything { get; } = AnythingForm();

    public static Regex Name { get; } = NameForm();

    public static Regex Account { get; } = AccountForm();

    public static Regex Region { get; } = RegionForm();

    public static Regex Zone { get; } = ZoneForm();

    public static Regex Vpc { get; } = VpcForm();

    public static Regex Subnet { get; } = SubnetForm();

    public static Regex RouteTable { get; } = RouteTableForm();

    public static Regex SecurityGroup { get; } = SecurityGroupForm();

    public static Regex Bucket { get; } = BucketForm();

    public static Regex Key { get; } = KeyForm();

    public static Regex SecretPrefix { get; } = SecretPrefixForm();

    public static Regex EventBus { get; } = EventBusForm();

    public static Regex LockMode { get; } = LockModeForm();

    public static Regex Quotas { get; } = QuotasForm();

    public static Regex Price { get; } = PriceForm();

    public static Regex Namespace { get; } = NamespaceForm();

    public static Regex Address { get; } = AddressForm();

    [GeneratedRegex("^.+$")]
    private static partial Regex AnythingForm();

    [GeneratedRegex("^[a-z](-?[a-z0-9])*$(?<=^.{1,24})")]
    private static partial Regex NameForm();

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex AccountForm();

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9]$")]
    private static partial Regex RegionForm();

    [GeneratedRegex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$")]
    private static partial Regex ZoneForm();

    [GeneratedRegex("^vpc-[0-9a-f]{8,17}$")]
    private static partial Regex VpcForm();

    [GeneratedRegex("^subnet-[0-9a-f]{8,17}$")]
    private static partial Regex SubnetForm();

    [GeneratedRegex("^rtb-[0-9a-f]{8,17}$")]
    private static partial Regex RouteTableForm();

    [GeneratedRegex("^sg-[0-9a-f]{8,17}$")]
    private static partial Regex SecurityGroupForm();

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketForm();

    // No wildcard: a permission for any key is not what a list of keys is for.
    [GeneratedRegex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$")]
    private static partial Regex KeyForm();

    [GeneratedRegex("^[A-Za-z0-9/_+=.@-]+/$(?<=^.{2,128})")]
    private static partial Regex SecretPrefixForm();

    [GeneratedRegex("^[A-Za-z0-9/_.-]{1,256}$")]
    private static partial Regex EventBusForm();

    [GeneratedRegex("^(governance|compliance)$")]
    private static partial Regex LockModeForm();

    [GeneratedRegex("^elasticache$")]
    private static partial Regex QuotasForm();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{1,6})?$")]
    private static partial Regex PriceForm();

    [GeneratedRegex("^(?!AWS/)[A-Za-z0-9._/#-]{1,255}$")]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    private static partial Regex AddressForm();
}
