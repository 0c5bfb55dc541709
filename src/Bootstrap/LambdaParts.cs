using CacheBackup.Aws;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.Secrets;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Aws.Watching;
using CacheBackup.Caches;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Bootstrap;

/// <summary>
/// The composition root in AWS: the seams of the operations on S3, Step Functions, Secrets Manager, ElastiCache, EventBridge and CloudWatch.
/// Made once a process; nothing is sent, and no credentials are asked for, until a function needs it.
/// </summary>
internal static class LambdaParts
{
    private const int UsualMaxRunning = 20;

    /// <param name="function">The function that is to work with them: what only one of them may do, only that one gets.</param>
    public static ServiceParts Make(LambdaSettings settings, string function, Func<string, string?> variable, TimeProvider time, TextWriter output)
    {
        S3StoreOptions s3 = S3StoreOptions.FromEnvironment(variable);
        S3ObjectStore data = S3ObjectStore.Open(settings.Data, s3 with { Lock = LockModeOf(settings) }, time);
        RoutedObjectStore store = new(CatalogKeys.DataRoot, data, S3ObjectStore.Open(settings.Catalog, s3, time));
        StepFunctionsExecutions executions = new(Service(AwsService.StepFunctions), settings.StateMachines);
        SecretsManagerCredentials credentials = new(Service(AwsService.SecretsManager), settings.SecretPrefix, time);
        EmbeddedMetrics metrics = new(settings.MetricsNamespace, output, time);
        List<IEventSink> sinks = [new EventMetrics(metrics)];
        if (settings.EventBus is { } bus)
        {
            sinks.Add(new EventBridgeSink(Service(AwsService.EventBridge), bus, output.WriteLine));
        }

        ElastiCacheClient elastiCache = new(Service(AwsService.ElastiCache));
        RandomIds ids = new();
        ServiceParts? parts = null;
        parts = new ServiceParts
        {
            Store = store,
            Catalog = new BackupCatalog(store, ids),
            Events = new EventLog(store, sinks),
            Executions = executions,
            Caches = new LiveCaches(credentials, time, RespConnectionOptions.Default with { Addresses = AddressesAt(s3.Endpoint) }),
            Provisioner = NoProvisioner.Instance,
            ManagedCaches = new ElastiCacheManagedCaches(elastiCache, settings.Exchange.Bucket, settings.CacheSubnets),
            ManagedSources = new ElastiCacheSources(elastiCache),
            NativeSnapshots = new ElastiCacheSnapshots(elastiCache),
            AllowDeleteCaches = settings.AllowDeleteCaches,
            // ElastiCache names its own files there.
            Exchange = S3ObjectStore.Open(settings.Exchange, s3 with { TakesAnyKey = true }, time),
            ExchangeBucket = settings.Exchange.Bucket,
            Region = variable("AWS_REGION"),
            Buckets = new S3Buckets(s3, time),
            Configured = settings.Configured,
            Downloads = function == PickedFunction.Download ? new PresignedDownloads(backup => parts!.StoreOf(backup)) : NoDownloads.Instance,
            Metrics = metrics,
            MaxRunning = settings.MaxRunning ?? UsualMaxRunning,
            Ids = ids,
            Quotas = settings.Quotas,
            VerifySharePercent = settings.VerifySharePercent,
            StoragePricePerGigabyteMonth = settings.StoragePrice,
            Lock = settings is { ObjectLock: not null, ObjectLockDays: { } days } ? new BackupLock(data, days) : null,
            Time = time,
        };
        return parts;

        // One client for each service, kept as long as the process: its connections outlive an invocation.
        AwsApi Service(AwsService service) => AwsApi.Open(service, AwsApiOptions.FromEnvironment(service, variable), time);
    }

    /// <summary>Where AWS itself is played by a program on this machine, so may caches be on it; in AWS none ever is.</summary>
    private static AddressRule AddressesAt(Uri? endpoint) => endpoint is { IsLoopback: true } ? AddressRule.Any : AddressRule.NothingLocal;

    private static S3LockMode? LockModeOf(LambdaSettings settings) => settings.ObjectLock switch
    {
        null => null,
        "compliance" => S3LockMode.Compliance,
        _ => S3LockMode.Governance,
    };
}
