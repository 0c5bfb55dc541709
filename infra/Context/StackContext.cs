using System.Text.Json;
using CacheBackup.Core.Buckets;

namespace CacheBackup.Infra.Context;

/// <summary>What the deployer set, checked. <see cref="ContextValues"/> tells each value's meaning.</summary>
public sealed record StackContext
{
    private static readonly int[] LogDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 180, 365];

    private StackContext()
    {
    }

    public required string Name { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary>Null: the functions are in no VPC.</summary>
    public NetworkContext? Network { get; init; }

    public required IReadOnlyList<BucketAddress> ExportBuckets { get; init; }

    public required IReadOnlyList<BucketAddress> ImportBuckets { get; init; }

    public required IReadOnlyList<BucketAddress> CopyTargets { get; init; }

    public required IReadOnlyList<string> BucketKeys { get; init; }

    public required string SecretPrefix { get; init; }

    public required IReadOnlyList<string> SecretKeys { get; init; }

    /// <summary>KMS keys that restores may encrypt new caches of ElastiCache with.</summary>
    public required IReadOnlyList<string> CacheKeys { get; init; }

    public string? EventBus { get; init; }

    public required bool ExchangeAcl { get; init; }

    /// <summary><c>governance</c> or <c>compliance</c>; null: nothing is locked.</summary>
    public string? ObjectLock { get; init; }

    public required int ObjectLockDays { get; init; }

    public required bool AllowDeleteCaches { get; init; }

    public required int VerifySharePercent { get; init; }

    public required int MaxRunning { get; init; }

    public string? Quotas { get; init; }

    public string? StoragePrice { get; init; }

    /// <summary>Metrics have no dimension that names the stack: two of them in one namespace would hide each other's silence.</summary>
    public required string MetricsNamespace { get; init; }

    public string? AlarmAddress { get; init; }

    public required int LatenessAlarmMinutes { get; init; }

    public required int ProofAlarmDays { get; init; }

    public required bool Dashboard { get; init; }

    public required int LogRetentionDays { get; init; }

    /// <summary>Reads and checks the object <c>cacheBackup</c> of the context; null: everything is as by default.</summary>
    /// <exception cref="StackContextException">A value is wrong; the message says what to write.</exception>
    public static StackContext Parse(JsonElement? given)
    {
        ContextReader reader = new(given);
        StackContext context = new()
        {
            Name = reader.RequiredText(ContextValues.Name, Forms.Name, "cache-backup"),
            Account = reader.Text(ContextValues.Account, Forms.Account, "123456789012"),
            Region = reader.Text(ContextValues.Region, Forms.Region, "eu-west-1"),
            Network = NetworkContext.Read(reader),
            ExportBuckets = reader.Buckets(ContextValues.ExportBuckets),
            ImportBuckets = reader.Buckets(ContextValues.ImportBuckets),
            CopyTargets = reader.Buckets(ContextValues.CopyTargets),
            BucketKeys = reader.Texts(ContextValues.BucketKeys, Forms.Key, "arn:aws:kms:eu-west-1:123456789012:key/ID"),
            SecretPrefix = reader.RequiredText(ContextValues.SecretPrefix, Forms.SecretPrefix, "cache-backup/"),
            SecretKeys = reader.Texts(ContextValues.SecretKeys, Forms.Key, "arn:aws:kms:eu-west-1:123456789012:key/ID"),
            CacheKeys = reader.Texts(ContextValues.CacheKeys, Forms.Key, "arn:aws:kms:eu-west-1:123456789012:key/ID"),
            EventBus = reader.Text(ContextValues.EventBus, Forms.EventBus, "default"),
            ExchangeAcl = reader.Switch(ContextValues.ExchangeAcl),
            ObjectLock = reader.Text(ContextValues.ObjectLock, Forms.LockMode, "governance"),
            ObjectLockDays = reader.Number(ContextValues.ObjectLockDays, 0, 36_500),
            AllowDeleteCaches = reader.Switch(ContextValues.AllowDeleteCaches),
            VerifySharePercent = reader.Number(ContextValues.VerifySharePercent, 0, 100),
            MaxRunning = reader.Number(ContextValues.MaxRunning, 1, 1000),
            Quotas = reader.Text(ContextValues.Quotas, Forms.Quotas, "elasticache"),
            StoragePrice = reader.Text(ContextValues.StoragePrice, Forms.Price, "0.023"),
            MetricsNamespace = reader.Text(ContextValues.MetricsNamespace, Forms.Namespace, "CacheBackup/cache-backup")
                ?? $"CacheBackup/{reader.RequiredText(ContextValues.Name, Forms.Name, "cache-backup")}",
            AlarmAddress = reader.Text(ContextValues.AlarmAddress, Forms.Address, "name@example.com"),
            LatenessAlarmMinutes = reader.Number(ContextValues.LatenessAlarmMinutes, 1, 10_080),
            ProofAlarmDays = reader.Number(ContextValues.ProofAlarmDays, 1, 365),
            Dashboard = reader.Switch(ContextValues.Dashboard),
            LogRetentionDays = reader.Number(ContextValues.LogRetentionDays, 1, 365),
        };
        context.Check();
        return context;
    }

    /// <summary>What one value alone does not show.</summary>
    private void Check()
    {
        if (ObjectLock is null != (ObjectLockDays == 0))
        {
            throw ContextReader.Wrong(
                ContextValues.ObjectLockDays,
                $"{ObjectLockDays}, and objectLock is {(ObjectLock is null ? "empty" : ObjectLock)}",
                "both of them, or neither");
        }

        if (ExchangeAcl && Region is { } region && ElastiCacheAccess.IsOptIn(region))
        {
            throw ContextReader.Wrong(ContextValues.ExchangeAcl, $"true, and {region} is an opt-in Region, where the bucket policy alone counts", "false");
        }

        if (!LogDays.Contains(LogRetentionDays))
        {
            throw ContextReader.Wrong(ContextValues.LogRetentionDays, $"{LogRetentionDays}", string.Join(", ", LogDays));
        }

        if (Region is { } own && Network?.AvailabilityZones.FirstOrDefault(zone => zone[..^1] != own) is { } strange)
        {
            throw ContextReader.Wrong(ContextValues.AvailabilityZones, $"a list with {strange}, and the Region is {own}", $"zones such as {own}a");
        }

        foreach (BucketAddress target in CopyTargets)
        {
            if (target.KmsKey is { } key && !Forms.Key.IsMatch(key))
            {
                throw ContextReader.Wrong(
                    ContextValues.CopyTargets,
                    $"\"{target}\", whose key is no ARN: permissions go by the key's own ARN, never by an alias",
                    "kms-key=arn:aws:kms:REGION:ACCOUNT:key/ID");
            }
        }
    }
}
