using System.Globalization;
using System.Text.Json;
using Amazon.CDK;
using CacheBackup.Functions.Settings;
using CacheBackup.Infra.Context;
using CacheBackup.Infra.Permissions;

namespace CacheBackup.Infra;

/// <summary>The environment of every function: each of <see cref="ServiceSettings.All"/>, and nothing else.</summary>
internal static class Settings
{
    /// <remarks>A setting without a value is left out: Lambda has no difference between that and an empty one.</remarks>
    public static IReadOnlyDictionary<string, string> Of(StackContext context, Buckets buckets)
    {
        Dictionary<ServiceSetting, string?> values = new()
        {
            [ServiceSettings.CatalogBucket] = buckets.Catalog.BucketName,
            [ServiceSettings.DataBucket] = buckets.Data.BucketName,
            [ServiceSettings.ExchangeBucket] = buckets.Exchange.BucketName,
            [ServiceSettings.StateMachines] =
                $"arn:{Aws.PARTITION}:states:{Aws.REGION}:{Aws.ACCOUNT_ID}:stateMachine:{StackArns.MachinePrefixOf(context)}",
            [ServiceSettings.ExportBuckets] = List([.. context.ExportBuckets.Select(bucket => bucket.ToString())]),
            [ServiceSettings.ImportBuckets] = List([.. context.ImportBuckets.Select(bucket => bucket.ToString())]),
            [ServiceSettings.CopyTargets] = List([.. context.CopyTargets.Select(bucket => bucket.ToString())]),
            [ServiceSettings.CacheKeys] = List(context.CacheKeys),
            [ServiceSettings.CacheSubnets] = List(context.Network?.SubnetsOfCaches ?? []),
            [ServiceSettings.SecretPrefix] = context.SecretPrefix,
            [ServiceSettings.EventBus] = context.EventBus,
            [ServiceSettings.VerifySharePercent] = Number(context.VerifySharePercent),
            [ServiceSettings.Quotas] = context.Quotas,
            [ServiceSettings.StoragePrice] = context.StoragePrice,
            [ServiceSettings.ObjectLock] = context.ObjectLock,
            [ServiceSettings.ObjectLockDays] = context.ObjectLock is null ? null : Number(context.ObjectLockDays),
            [ServiceSettings.AllowDeleteCaches] = context.AllowDeleteCaches ? "true" : null,
            [ServiceSettings.MaxRunning] = Number(context.MaxRunning),
            [ServiceSettings.MetricsNamespace] = context.MetricsNamespace,
        };
        ServiceSetting[] forgotten = [.. ServiceSettings.All.Where(setting => !values.ContainsKey(setting))];
        return forgotten.Length == 0
            ? values.Where(value => value.Value is not null).ToDictionary(value => value.Key.Name, value => value.Value!)
            : throw new StackContextException($"The stack sets no value for {string.Join(", ", forgotten.Select(setting => setting.Name))}: add it to Settings.Of.");
    }

    private static string? List(IReadOnlyList<string> texts) => texts.Count == 0 ? null : JsonSerializer.Serialize(texts);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
