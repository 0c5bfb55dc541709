using System.Globalization;
using System.Text.Json;
using CacheBackup.Aws;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;
using CacheBackup.Functions.Settings;

namespace CacheBackup.Bootstrap;

/// <summary><see cref="ServiceSettings"/> as they stand in the environment of a function.</summary>
internal sealed record LambdaSettings
{
    private const int MaxRunningAtMost = 1000;
    private const int LockDaysAtMost = 36_500;

    public required S3Location Catalog { get; init; }

    public required S3Location Data { get; init; }

    public required S3Location Exchange { get; init; }

    public required StateMachineArns StateMachines { get; init; }

    public required ConfiguredBuckets Configured { get; init; }

    /// <summary>Of serverless caches whose restore names none; empty: those of the default VPC.</summary>
    public IReadOnlyList<string> CacheSubnets { get; init; } = [];

    public required string SecretPrefix { get; init; }

    public required string MetricsNamespace { get; init; }

    public string? EventBus { get; init; }

    public int VerifySharePercent { get; init; }

    public BackupQuotas? Quotas { get; init; }

    public decimal? StoragePrice { get; init; }

    /// <summary>governance or compliance; null: nothing is locked.</summary>
    public string? ObjectLock { get; init; }

    /// <summary>Set with <see cref="ObjectLock"/>.</summary>
    public int? ObjectLockDays { get; init; }

    public bool AllowDeleteCaches { get; init; }

    public int? MaxRunning { get; init; }

    /// <exception cref="InvalidSettingException">A variable is missing or malformed; the message names it.</exception>
    public static LambdaSettings Read(Func<string, string?> variable)
    {
        Environment from = new(variable);
        string? objectLock = from.OneOf(ServiceSettings.ObjectLock, "governance", "compliance");
        int? lockDays = from.Number(ServiceSettings.ObjectLockDays, 1, LockDaysAtMost);
        if (objectLock is not null && lockDays is null)
        {
            throw new InvalidSettingException(ServiceSettings.ObjectLockDays, $"is not set, and {ServiceSettings.ObjectLock.Name} is");
        }

        return new LambdaSettings
        {
            Catalog = from.Bucket(ServiceSettings.CatalogBucket),
            Data = from.Bucket(ServiceSettings.DataBucket),
            Exchange = from.Bucket(ServiceSettings.ExchangeBucket),
            StateMachines = from.Machines(ServiceSettings.StateMachines),
            SecretPrefix = from.Required(ServiceSettings.SecretPrefix),
            MetricsNamespace = from.Required(ServiceSettings.MetricsNamespace),
            EventBus = from.Optional(ServiceSettings.EventBus),
            Configured = new ConfiguredBuckets
            {
                ExportBuckets = from.Places(ServiceSettings.ExportBuckets),
                ImportBuckets = from.Places(ServiceSettings.ImportBuckets),
                CopyTargets = from.Places(ServiceSettings.CopyTargets),
                CacheKeys = from.Texts(ServiceSettings.CacheKeys),
            },
            CacheSubnets = from.Texts(ServiceSettings.CacheSubnets),
            VerifySharePercent = from.Number(ServiceSettings.VerifySharePercent, 0, 100) ?? 0,
            Quotas = from.OneOf(ServiceSettings.Quotas, "elasticache") is null ? null : BackupQuotas.OfElastiCache,
            StoragePrice = from.Price(ServiceSettings.StoragePrice),
            ObjectLock = objectLock,
            ObjectLockDays = lockDays,
            AllowDeleteCaches = from.OneOf(ServiceSettings.AllowDeleteCaches, "true", "false") == "true",
            MaxRunning = from.Number(ServiceSettings.MaxRunning, 1, MaxRunningAtMost),
        };
    }

    /// <summary>Reads one variable each; an empty one is one that is not set, as a stack without the value writes it.</summary>
    private sealed class Environment(Func<string, string?> variable)
    {
        public string? Optional(ServiceSetting setting) => variable(setting.Name) is { Length: > 0 } text ? text : null;

        public string Required(ServiceSetting setting) => Optional(setting) ?? throw new InvalidSettingException(setting, "is not set");

        public S3Location Bucket(ServiceSetting setting)
        {
            string name = Required(setting);
            try
            {
                return S3Location.Parse(BucketAddress.Scheme + name);
            }
            catch (FormatException e)
            {
                throw new InvalidSettingException(setting, $"names no bucket: {e.Message.TrimEnd('.')}", e);
            }
        }

        public StateMachineArns Machines(ServiceSetting setting)
        {
            try
            {
                return StateMachineArns.Parse(Required(setting));
            }
            catch (FormatException e)
            {
                throw new InvalidSettingException(setting, "is no such beginning", e);
            }
        }

        public BucketAddress[] Places(ServiceSetting setting)
        {
            if (Optional(setting) is not { } text)
            {
                return [];
            }

            try
            {
                BucketAddress[] places = [.. (JsonSerializer.Deserialize(text, SettingsJson.Default.StringArray) ?? []).Select(BucketAddress.Parse)];
                return places.FirstOrDefault(place => place.IsDirectory) is { } directory
                    ? throw new InvalidSettingException(setting, $"holds '{directory}', which is no bucket")
                    : places;
            }
            catch (Exception e) when (e is JsonException or PermanentException)
            {
                throw new InvalidSettingException(setting, $"is no such list: {e.Message.TrimEnd('.')}", e);
            }
        }

        public string[] Texts(ServiceSetting setting)
        {
            try
            {
                return Optional(setting) is { } text ? JsonSerializer.Deserialize(text, SettingsJson.Default.StringArray) ?? [] : [];
            }
            catch (JsonException e)
            {
                throw new InvalidSettingException(setting, $"is no such list: {e.Message.TrimEnd('.')}", e);
            }
        }

        public int? Number(ServiceSetting setting, int least, int most) => Optional(setting) switch
        {
            null => null,
            { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most => number,
            { } text => throw new InvalidSettingException(setting, $"is '{text}', and not a number from {least} to {most}"),
        };

        public decimal? Price(ServiceSetting setting) => Optional(setting) switch
        {
            null => null,
            { } text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal price) => price,
            { } text => throw new InvalidSettingException(setting, $"is '{text}', and not an amount"),
        };

        public string? OneOf(ServiceSetting setting, params string[] texts) => Optional(setting) switch
        {
            null => null,
            { } text when texts.Contains(text, StringComparer.Ordinal) => text,
            { } text => throw new InvalidSettingException(setting, $"is '{text}', and not one of: {string.Join(", ", texts)}"),
        };
    }
}
